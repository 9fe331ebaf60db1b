package dev.clusterlab.ui.model;

/**
 * What the computer says that its person needs.
 *
 * @param still whether nothing should move that need not
 * @param contrast whether words should stand out as far as they can
 * @param dark whether windows are dark; means something only with {@code contrast}
 */
public record SystemWishes(boolean still, boolean contrast, boolean dark) {
    /** Those of a computer that says nothing. */
    public static final SystemWishes NONE = new SystemWishes(false, false, true);
}
