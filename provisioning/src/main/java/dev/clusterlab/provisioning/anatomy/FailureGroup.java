package dev.clusterlab.provisioning.anatomy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Requests that failed in the same way for the same reason.
 *
 * @param status of HTTP; 0 for no answer
 * @param entry name of the machine whose Traefik they went to
 * @param cause of the first of them; the others' differs at most in the servers and in when they were dropped
 * @param requests oldest first; one may stand for several, see {@link #count}
 */
public record FailureGroup(int status, String entry, FailureCause cause, List<FailedRequest> requests) {
    public FailureGroup {
        requests = List.copyOf(requests);
    }

    /** How many failed so. */
    public int count() {
        return requests.stream().mapToInt(FailedRequest::count).sum();
    }

    private record Alike(int status, String entry, Class<?> kind, String fault, FailureCause.Basis basis) {
        static Alike of(FailedRequest failure) {
            return new Alike(
                    failure.request().status(),
                    failure.request().entry(),
                    failure.cause().getClass(),
                    failure.cause().fault(),
                    failure.cause().basis());
        }
    }

    /** The largest group first. */
    static List<FailureGroup> of(List<FailedRequest> failures) {
        Map<Alike, List<FailedRequest>> groups = new LinkedHashMap<>();
        failures.forEach(failure -> groups.computeIfAbsent(Alike.of(failure), alike -> new ArrayList<>())
                .add(failure));
        return groups.entrySet().stream()
                .map(group -> new FailureGroup(
                        group.getKey().status(),
                        group.getKey().entry(),
                        group.getValue().getFirst().cause(),
                        group.getValue()))
                .sorted(Comparator.comparing(FailureGroup::count).reversed())
                .toList();
    }

    /** URLs of the servers that are in question, each once; none where no server was to blame. */
    public List<String> servers() {
        return requests.stream()
                .flatMap(request -> request.cause() instanceof FailureCause.DeadServer dead
                        ? dead.servers().stream()
                        : Stream.empty())
                .distinct()
                .sorted()
                .toList();
    }

    /** How long after each of these requests, as far as it is known, their Traefik dropped the server; the shortest first. */
    public List<Duration> learnt() {
        return requests.stream()
                .flatMap(request -> request.cause() instanceof FailureCause.DeadServer dead
                        ? dead.learnt().stream()
                        : Stream.empty())
                .sorted()
                .toList();
    }
}
