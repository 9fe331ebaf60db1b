package dev.clusterlab.lab.export;

/**
 * A file of an export.
 *
 * @param path relative to the folder, with slashes
 * @param script whether it is to be run
 */
public record ExportedFile(String path, String text, boolean script) {
    static ExportedFile of(String path, String text) {
        return new ExportedFile(path, text, false);
    }
}
