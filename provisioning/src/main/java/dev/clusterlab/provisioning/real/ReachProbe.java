package dev.clusterlab.provisioning.real;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Reach;
import dev.clusterlab.provisioning.Reach.Finding;
import dev.clusterlab.provisioning.Sweep;
import dev.clusterlab.provisioning.Way;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Has machines try each other: each opens a connection to a port of every other one, all at once, and tells which ones were
 * answered. A refusal is an answer too. A connection needs the way and the way back, so one that fails does not say which of the
 * two is cut; the rules that the kernel of each machine drops packets by say that. Where these say nothing, both are lost.
 *
 * @param <M> a machine of the engine
 */
public final class ReachProbe<M extends RealMachine> {
    private static final System.Logger LOG = System.getLogger(ReachProbe.class.getName());

    /** Runs a shell script in a machine and gives what it printed; throws a {@link LabException} where that cannot be. */
    @FunctionalInterface
    public interface Programs<M> {
        String run(M node, String doing, String script);
    }

    /**
     * What one machine tells.
     *
     * @param answered addresses that answered
     * @param dropped addresses from which its kernel takes nothing
     * @param withheld addresses to which its kernel sends nothing
     */
    record Told(Set<String> answered, Set<String> dropped, Set<String> withheld) {}

    private final Programs<M> programs;
    private final int port;

    /** @param port at which each machine that runs answers, if only by a refusal */
    public ReachProbe(Programs<M> programs, int port) {
        this.programs = programs;
        this.port = port;
    }

    /**
     * Takes as long as the slowest machine, about a second where something is cut.
     *
     * @param nodes those that run
     * @param troubled ways on which packets are late, or lost by chance: only rules say that such a one is cut
     */
    public Reach measure(List<M> nodes, Set<Way> troubled) {
        record Probed<N>(N node, Optional<Told> told) {}
        List<Probed<M>> probed = Sweep.CONCURRENT.ask(nodes, node -> new Probed<>(node, ask(node, nodes)));
        var exceptions = new TreeMap<Way, Finding>();
        for (Probed<M> from : probed) {
            for (Probed<M> to : probed) {
                if (from != to) {
                    String name = from.node().name();
                    String other = to.node().name();
                    boolean slow = troubled.contains(new Way(name, other)) || troubled.contains(new Way(other, name));
                    Finding finding = finding(
                            from.node().address(), from.told(), to.node().address(), to.told(), slow);
                    if (finding != Finding.OPEN) {
                        exceptions.put(new Way(name, other), finding);
                    }
                }
            }
        }
        return exceptions.isEmpty() ? Reach.WHOLE : new Reach(exceptions);
    }

    /**
     * Of the way from one to another.
     *
     * @param slow whether no answer within a second means nothing there
     */
    static Finding finding(String from, Optional<Told> sender, String to, Optional<Told> receiver, boolean slow) {
        boolean spoke = sender.filter(told -> told.answered().contains(to)).isPresent()
                || receiver.filter(told -> told.answered().contains(from)).isPresent();
        if (spoke) {
            return Finding.OPEN;
        }
        if (sender.isEmpty() && receiver.isEmpty()) {
            return Finding.UNKNOWN;
        }
        boolean dropped = receiver.filter(told -> told.dropped().contains(from)).isPresent()
                || sender.filter(told -> told.withheld().contains(to)).isPresent();
        boolean backDropped = sender.filter(told -> told.dropped().contains(to)).isPresent()
                || receiver.filter(told -> told.withheld().contains(from)).isPresent();
        return dropped || (!backDropped && !slow) ? Finding.CUT : Finding.OPEN;
    }

    private Optional<Told> ask(M node, List<M> all) {
        List<String> others = all.stream()
                .filter(other -> other != node)
                .map(RealMachine::address)
                .toList();
        try {
            return Optional.of(read(programs.run(node, "try whom " + node.name() + " reaches", script(others, port))));
        } catch (LabException e) {
            LOG.log(System.Logger.Level.DEBUG, "Whom " + node.name() + " reaches could not be tried", e);
            return Optional.empty();
        }
    }

    /** For the shell of a machine, with bash beside it, or busybox: a daemon that wants TLS answers its wget with status 400. */
    static String script(List<String> addresses, int port) {
        return """
                for address in %1$s; do
                  (
                    if command -v bash >/dev/null; then
                      said=$(timeout 1 bash -c "exec 3<>/dev/tcp/$address/%2$d" 2>&1) && said=refused
                    else
                      said=$(timeout 1 wget -q -O /dev/null http://$address:%2$d/ 2>&1)
                    fi
                    case $said in *refused*|*' 400 '*) echo answered $address ;; esac
                  ) &
                done
                wait
                iptables -w -S 2>/dev/null | sed -n -e 's/^-A [^ ]* -s \\([0-9.]*\\)\\/32 -j DROP$/dropped \\1/p' \\
                  -e 's/^-A [^ ]* -d \\([0-9.]*\\)\\/32 -j DROP$/withheld \\1/p'
                """.formatted(String.join(" ", addresses), port);
    }

    static Told read(String output) {
        var told = new Told(new HashSet<>(), new HashSet<>(), new HashSet<>());
        for (String line : output.lines().toList()) {
            int space = line.indexOf(' ');
            String address = line.substring(space + 1).strip();
            switch (line.substring(0, Math.max(0, space))) {
                case "answered" -> told.answered().add(address);
                case "dropped" -> told.dropped().add(address);
                case "withheld" -> told.withheld().add(address);
                default -> LOG.log(System.Logger.Level.DEBUG, "A machine said of its reach: {0}", line);
            }
        }
        return told;
    }
}
