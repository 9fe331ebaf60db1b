package dev.clusterlab.lab.experiment.run;

import dev.clusterlab.lab.experiment.Expectation;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What was found out about an expectation.
 *
 * @param held whether it held as the hypothesis has it
 * @param violations oldest first; none for what is judged once
 * @param measured of requests: the value that was judged, or the worst one before the healing (per cent, or milliseconds);
 *     empty for conditions and where there was no request
 */
public record Finding(Expectation expectation, boolean held, List<Violation> violations, OptionalDouble measured) {
    public Finding {
        violations = List.copyOf(violations);
    }
}
