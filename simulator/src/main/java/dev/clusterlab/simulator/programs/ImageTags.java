package dev.clusterlab.simulator.programs;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tags under which an image exists. Those of images from Docker Hub are what is released there, read from the projects'
 * lists of releases: each minor version with its patches, as {@code 1.27} and {@code 1.27.0} to {@code 1.27.5}.
 */
public final class ImageTags {
    /** An image that exists under whatever tag. */
    public static final ImageTags ANY = new ImageTags(null);

    private final @Nullable Set<String> tags;

    private ImageTags(@Nullable Set<String> tags) {
        this.tags = tags;
    }

    public static ImageTags of(String... tags) {
        return new ImageTags(new LinkedHashSet<>(List.of(tags)));
    }

    /** Whether the image exists under this tag. */
    public boolean has(String tag) {
        return tags == null || tags.contains(tag);
    }

    /** All of them, or {@code latest} alone if any will do. */
    public Set<String> all() {
        return tags == null ? Set.of("latest") : tags;
    }

    /**
     * The same and releases: {@code prefix} {@code v} or empty, and the newest patch of each minor version from the first
     * on. The bare major version is a tag too.
     */
    ImageTags releases(String prefix, int major, int firstMinor, int... newestPatches) {
        var more = new LinkedHashSet<>(all());
        more.add(prefix + major);
        for (int i = 0; i < newestPatches.length; i++) {
            String minor = prefix + major + "." + (firstMinor + i);
            more.add(minor);
            for (int patch = 0; patch <= newestPatches[i]; patch++) {
                more.add(minor + "." + patch);
            }
        }
        return new ImageTags(more);
    }

    /** The same, and all that begin with a digit or {@code v} and a digit once more with the suffix. */
    ImageTags alsoWith(String suffix) {
        var more = new LinkedHashSet<>(all());
        for (String tag : all()) {
            if (tag.matches("v?[0-9].*")) {
                more.add(tag + suffix);
            }
        }
        return new ImageTags(more);
    }

    static ImageTags nginx() {
        return of("latest")
                .releases("", 1, 9, 15, 3, 13, 2, 12, 2, 12, 1, 10, 0, 10, 2, 6, 1, 4, 0, 5, 3, 5, 3, 8)
                .alsoWith("-alpine")
                .with("mainline", "stable", "alpine", "mainline-alpine", "stable-alpine", "perl");
    }

    static ImageTags alpine() {
        return of("latest", "edge")
                .releases("", 3, 3, 3, 6, 3, 5, 3, 5, 6, 9, 13, 12, 12, 10, 11, 9, 10, 12, 9, 8, 5, 3, 3);
    }

    static ImageTags busybox() {
        return of("latest", "stable", "musl", "glibc", "uclibc", "unstable")
                .releases("", 1, 24, 2, 2, 2, 2, 4, 3, 1, 1, 1, 1, 1, 0, 1, 0)
                .alsoWith("-musl")
                .with("1-glibc", "1-uclibc", "stable-musl", "stable-glibc", "stable-uclibc");
    }

    static ImageTags debian() {
        return of("9", "10", "11", "12", "13")
                .alsoWith("-slim")
                .with("latest", "stable", "stable-slim", "testing", "unstable", "sid")
                .with("trixie", "bookworm", "bullseye", "buster", "stretch")
                .with("trixie-slim", "bookworm-slim", "bullseye-slim", "buster-slim", "stretch-slim");
    }

    static ImageTags ubuntu() {
        return of("latest", "rolling", "devel", "14.04", "16.04", "18.04", "20.04", "22.04", "24.04", "25.04", "25.10")
                .with("trusty", "xenial", "bionic", "focal", "jammy", "noble", "plucky", "questing");
    }

    static ImageTags curl() {
        return of("latest")
                .releases("", 7, 66, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 1)
                .releases("", 8, 0, 1, 2, 1, 0, 0, 0, 0, 1, 0, 1, 1, 1, 1, 0, 1, 0, 0);
    }

    /** Of {@code consul}, which ends with 1.15, or {@code hashicorp/consul}. */
    public static ImageTags consul(boolean official) {
        ImageTags old = of("latest")
                .releases("", 0, 6, 4, 5, 5, 4)
                .releases("", 1, 0, 8, 1, 4, 1, 5, 3, 10, 14, 19, 17, 12, 11, 9, 9, 11, 11);
        return official ? old : old.releases("", 1, 16, 7, 4, 3, 3, 6, 5, 3);
    }

    /** Of Traefik: all with {@code v}, the first version without it too. */
    public static ImageTags traefik() {
        return of("latest")
                .releases("v", 1, 0, 3, 2, 3, 8, 6, 4, 6, 34)
                .releases("", 1, 0, 3, 2, 3, 8, 6, 4, 6, 34)
                .alsoWith("-alpine")
                .releases("v", 2, 0, 7, 9, 11, 7, 14, 7, 7, 3, 8, 10, 7, 46)
                .releases("v", 3, 0, 4, 7, 5, 7, 5, 6, 20, 15)
                .with("2", "3", "3.6", "3.7");
    }

    static ImageTags hello() {
        return of("latest")
                .releases("", 1, 0, 9, 9, 9, 9, 9)
                .releases("", 2, 0, 9, 9, 9, 9, 9)
                .releases("v", 1, 0, 9)
                .releases("v", 2, 0, 9)
                .releases("v", 3, 0, 9)
                .with("3");
    }

    ImageTags with(String... more) {
        var all = new LinkedHashSet<>(all());
        all.addAll(List.of(more));
        return new ImageTags(all);
    }
}
