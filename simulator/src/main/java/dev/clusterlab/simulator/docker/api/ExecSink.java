package dev.clusterlab.simulator.docker.api;

/** Takes what an executed command writes, as it writes it. Called on the simulation's thread. */
public interface ExecSink {
    void output(boolean stderr, String text);

    /** It has ended; nothing comes after this. */
    void ended(int exitCode);
}
