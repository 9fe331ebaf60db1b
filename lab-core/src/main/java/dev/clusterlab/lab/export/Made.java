package dev.clusterlab.lab.export;

import java.util.List;

/**
 * A file that was made of what the cluster says.
 *
 * @param omissions what it leaves out
 */
record Made(ExportedFile file, List<Omission> omissions) {
    Made {
        omissions = List.copyOf(omissions);
    }
}
