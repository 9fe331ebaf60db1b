package dev.clusterlab.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.OptionalLong;

/** Processor time of single threads of this program. */
final class ThreadTime {
    private ThreadTime() {}

    /** What the thread of this name has used so far; empty if there is none. */
    static OptionalLong nanos(String name) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().equals(name)) {
                return OptionalLong.of(threads.getThreadCpuTime(thread.getThreadId()));
            }
        }
        return OptionalLong.empty();
    }
}
