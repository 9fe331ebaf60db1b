package dev.clusterlab.provisioning.hosts.survey;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is free on a host's disks, as its {@code df} says. An immutable picture.
 *
 * @param dataBytes where Docker keeps its data, to which images, containers and volumes go
 * @param runBytes below {@code /run}, where Docker keeps what runs, and the lab its faults
 */
public record HostDisk(OptionalLong dataBytes, OptionalLong runBytes) {
    /** Finds it out, run on the host: it only looks. Each line begins with a word for what was found. */
    public static final String SCRIPT = """
            root=$(docker info --format '{{.DockerRootDir}}' 2>/dev/null)
            df -Pk "${root:-/var/lib/docker}" 2>/dev/null | awk 'NR == 2 {print "disk", $4}'
            df -Pk /run 2>/dev/null | awk 'NR == 2 {print "run", $4}'
            """;

    /** @param lines that the script wrote, among others */
    public static HostDisk read(List<String> lines) {
        return new HostDisk(kilobytes(lines, "disk"), kilobytes(lines, "run"));
    }

    private static OptionalLong kilobytes(List<String> lines, String word) {
        Optional<String> said = lines.stream()
                .map(line -> line.strip().split(" ", -1))
                .filter(words -> words.length == 2 && words[0].equals(word) && words[1].matches("[0-9]{1,13}"))
                .map(words -> words[1])
                .findFirst();
        return said.isPresent() ? OptionalLong.of(Long.parseLong(said.get()) * 1024) : OptionalLong.empty();
    }
}
