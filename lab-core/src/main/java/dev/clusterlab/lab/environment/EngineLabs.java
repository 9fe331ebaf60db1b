package dev.clusterlab.lab.environment;

import dev.clusterlab.provisioning.docker.DockerLabs;
import java.util.List;

/**
 * The labs that are on the user's Docker Engine, for front ends that list and remove them. Every call asks the engine, blocks
 * for as long as that takes (removing: seconds for each machine), and may fail with a {@link dev.clusterlab.provisioning.LabException} that says what to do. Thread-safe; to be closed.
 */
public interface EngineLabs extends AutoCloseable {
    /** Every lab on the engine, whoever has it. */
    List<DockerLabs.Lab> list();

    /** This user's labs that no program has any more, the oldest first. */
    List<DockerLabs.Lab> leftOver();

    /** Removes all that a lab has on the engine, whoever has it; without effect where there is nothing. */
    void remove(String labId);

    @Override
    void close();

    /** Opens them, anew each time: the engine may have been ended in between. */
    @FunctionalInterface
    interface Source {
        /**
         * @throws dev.clusterlab.provisioning.LabException ENVIRONMENT without a usable engine
         */
        EngineLabs open();
    }

    /** On the engine that the docker engine of the lab would take. */
    static EngineLabs ofThisUser() {
        DockerLabs docker = DockerLabs.ofThisUser();
        return new EngineLabs() {
            @Override
            public List<DockerLabs.Lab> list() {
                return docker.list();
            }

            @Override
            public List<DockerLabs.Lab> leftOver() {
                return docker.leftOver();
            }

            @Override
            public void remove(String labId) {
                docker.remove(labId);
            }

            @Override
            public void close() {
                docker.close();
            }
        };
    }
}
