package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.LabException;
import java.util.List;

/**
 * Where the readers of daemons, agents and routers get their answers from. Used by one observing thread at a time.
 */
interface AnswerSource {
    /** Asks each when its answer is needed, in the order in which they are needed: the same history every time. */
    AnswerSource SEQUENTIAL = new AnswerSource() {
        @Override
        public void ahead(List<? extends Query<?>> questions) {
            // The order in which answers are needed is the order of history.
        }

        @Override
        public <A> A get(Query<A> question) {
            return question.ask().get();
        }
    };

    /** Says what will be needed, so that it can be asked concurrently. Returns at once. */
    void ahead(List<? extends Query<?>> questions);

    /**
     * The answer; blocks until it is there.
     *
     * @throws LabException as the question does; TIMEOUT if there is no answer in time
     */
    <A> A get(Query<A> question);
}
