package dev.clusterlab.simulator.sweep;

/**
 * What a run is told.
 *
 * @param machines how many, {@value #MACHINES_MIN} to {@value #MACHINES_MAX}: three managers, the rest workers
 * @param sabotage {@link Sabotage#NONE} but in tests
 */
public record SweepSettings(int machines, Sabotage sabotage) {
    public static final int MACHINES_MIN = 3;
    public static final int MACHINES_MAX = 50;
    public static final int MACHINES_DEFAULT = 6;

    public SweepSettings {
        if (machines < MACHINES_MIN || machines > MACHINES_MAX) {
            throw new IllegalArgumentException(
                    machines + " machines: " + MACHINES_MIN + " to " + MACHINES_MAX + " are possible");
        }
    }

    /** Nothing broken but by chance. */
    public static SweepSettings of(int machines) {
        return new SweepSettings(machines, Sabotage.NONE);
    }
}
