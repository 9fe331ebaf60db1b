package dev.clusterlab.lab.environment;

import dev.clusterlab.provisioning.EngineNames;
import dev.clusterlab.provisioning.docker.DockerLabs;
import dev.clusterlab.provisioning.engines.Engines;
import java.util.List;

/** Settles, before a lab begins on real Docker, what becomes of the labs that killed programs left there. */
public final class LeftOverLabs {
    private LeftOverLabs() {}

    /** What becomes of one. */
    public enum Choice {
        /** It is the lab that begins, with its machines as they are; those after it stay. */
        TAKE_UP,
        REMOVE,
        LEAVE
    }

    /** Whoever decides, and hears what was done. */
    public interface Person {
        /**
         * Asked once for each lab, the oldest first; may block.
         *
         * @param number of the lab, from 1
         * @param count how many there are
         */
        Choice choose(DockerLabs.Lab lab, int number, int count) throws InterruptedException;

        /** The lab is about to be removed, which takes a while. */
        default void removing(DockerLabs.Lab lab) {}

        default void removed(DockerLabs.Lab lab) {}
    }

    /**
     * Asks, removes what is not wanted any more, and says what to open.
     *
     * @param options as they were given; another engine than docker, or a lab to be taken up, is not asked about
     * @return the options to open an engine with
     * @throws dev.clusterlab.provisioning.LabException ENVIRONMENT without a usable engine; whatever removing fails with
     * @throws InterruptedException if the choice was cancelled
     */
    public static LabEnvironment.Options settle(LabEnvironment.Options options, EngineLabs.Source engine, Person person)
            throws InterruptedException {
        if (!options.engine().equals(EngineNames.DOCKER)) {
            return options;
        }
        try (EngineLabs labs = engine.open()) {
            List<DockerLabs.Lab> left = labs.leftOver();
            for (int i = 0; i < left.size(); i++) {
                DockerLabs.Lab lab = left.get(i);
                switch (person.choose(lab, i + 1, left.size())) {
                    case TAKE_UP -> {
                        return options.withEngine(Engines.takingUp(lab.id()));
                    }
                    case REMOVE -> {
                        person.removing(lab);
                        labs.remove(lab.id());
                        person.removed(lab);
                    }
                    case LEAVE -> {}
                }
            }
            return options;
        }
    }
}
