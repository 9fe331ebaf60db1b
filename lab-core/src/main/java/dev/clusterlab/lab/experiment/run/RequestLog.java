package dev.clusterlab.lab.experiment.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What requests came to, in the order in which they ended. Thread-safe. */
final class RequestLog {
    private final List<Request> requests = new ArrayList<>();

    synchronized void add(Request request) {
        requests.add(request);
    }

    /** All until now; by the end of each. */
    synchronized List<Request> all() {
        return requests.stream().sorted(Comparator.comparing(Request::ended)).toList();
    }
}
