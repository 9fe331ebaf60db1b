package dev.clusterlab.provisioning;

import java.util.Locale;

/** What is known about a {@link HostTopic}, for front ends to put into words. */
public sealed interface HostFact {
    /** In English, as the command line writes it. */
    String english();

    /** A name, a version or an address: the same in every language. Not blank. */
    record Text(String text) implements HostFact {
        @Override
        public String english() {
            return text;
        }
    }

    /** An amount of memory or of a disk. */
    record Size(long bytes) implements HostFact {
        public double gigabytes() {
            return bytes / 1e9;
        }

        @Override
        public String english() {
            return String.format(Locale.ROOT, "%.1f GB", gigabytes());
        }
    }

    /** What came of trying something in a machine. */
    enum Tried implements HostFact {
        WORKS,
        LACKING,
        /** The node image has no tool to try it with. */
        NO_TOOL;

        @Override
        public String english() {
            return switch (this) {
                case WORKS -> "yes";
                case LACKING -> "no";
                case NO_TOOL -> "unknown";
            };
        }
    }
}
