package dev.clusterlab.provisioning.docker;

import java.util.List;
import java.util.SortedMap;

/**
 * The shell scripts that drop packets inside a machine. Packets are dropped there rather than the container taken off its
 * network: its published ports, and with them the view of what its daemon believes, stay.
 *
 * <p>Each fault has a chain of its own, which drops what comes from some addresses. What the machine sends is not touched:
 * that is dropped where it would arrive, so that a cut of one direction leaves the other open. Packets for the machine
 * itself pass the chain {@code INPUT}, those for its containers {@code DOCKER-USER}: Docker asks that one before all rules
 * of its own, also before those that it adds later. The jump from there is made last and removed first, so where it is, the
 * rest is.
 */
final class CutScripts {
    /** The cuts end inside the machine this long after the lab's last sign of life, so that no killed lab leaves one. */
    static final int LEASE_SECONDS = 60;

    /** What a script prints that has done all that it should. */
    static final String DONE = "done";

    /** What {@link #ALIVE} prints where the cuts have ended by themselves. */
    static final String GONE = "gone";

    /** A sign of life. */
    static final String ALIVE =
            "touch -c /run/clusterlab-cuts; [ -e /run/clusterlab-cuts ] && echo kept || echo " + GONE;

    /**
     * The file that a sign of life touches holds the name of the watcher in charge: each script brings a watcher of its
     * own, and the one before it ends. A watcher counts its own seconds, so that a machine's cuts outlast its being frozen.
     */
    private static final String FUNCTIONS = """
            set -e
            alive=/run/clusterlab-cuts
            exec 9>>$alive.lock
            flock 9 2>/dev/null || true
            chains() {
              iptables -w -S | sed -n 's/^-N \\(CL-.*\\)$/\\1/p'
            }
            drop() {
              chain=$1
              shift
              iptables -w -C DOCKER-USER -j $chain 2>/dev/null && return 0
              iptables -w -N $chain 2>/dev/null || iptables -w -F $chain
              for address; do
                iptables -w -A $chain -s $address -j DROP
              done
              iptables -w -C INPUT -j $chain 2>/dev/null || iptables -w -I INPUT -j $chain
              iptables -w -I DOCKER-USER -j $chain
            }
            mend() {
              iptables -w -D DOCKER-USER -j $1 2>/dev/null || true
              iptables -w -D INPUT -j $1 2>/dev/null || true
              iptables -w -F $1
              iptables -w -X $1
            }
            in_charge() {
              [ "$(cat $alive 2>/dev/null)" = "$1" ]
            }
            last_sign() {
              stat -c %Y $alive 2>/dev/null
            }
            watch() {
              seen= idle=0
              while in_charge $1; do
                now=$(last_sign)
                [ "$now" = "$seen" ] && idle=$((idle + 1)) || idle=0
                seen=$now
                if [ $idle -ge LEASE ]; then
                  exec 9>>$alive.lock
                  flock 9
                  if in_charge $1 && [ "$(last_sign)" = "$seen" ]; then
                    for chain in $(chains); do mend $chain; done
                    rm -f $alive
                  fi
                  exec 9>&-
                  idle=0
                fi
                sleep 1
              done
            }
            """.replace("LEASE", Integer.toString(LEASE_SECONDS));

    private CutScripts() {}

    /**
     * Makes these the lab's only chains in a machine; a chain that is there already is not touched. Prints {@link #DONE}.
     *
     * @param watcher a name that no other script for this machine has
     * @param chains addresses that each chain drops what comes from, by the name of the chain
     */
    static String settle(String watcher, SortedMap<String, List<String>> chains) {
        var script = new StringBuilder(FUNCTIONS);
        if (chains.isEmpty()) {
            script.append("rm -f $alive\n");
        } else {
            script.append("echo ").append(watcher).append(" >$alive\n");
            script.append("iptables -w -N DOCKER-USER 2>/dev/null || true\n");
        }
        chains.forEach((chain, addresses) -> script.append("drop ")
                .append(chain)
                .append(' ')
                .append(String.join(" ", addresses))
                .append('\n'));
        // Of faults that have ended, or of a program that had this lab before.
        script.append("for chain in $(chains); do\n")
                .append("  case ' ")
                .append(String.join(" ", chains.keySet()))
                .append(" ' in *\" $chain \"*) ;; *) mend $chain ;; esac\n")
                .append("done\n");
        if (!chains.isEmpty()) {
            script.append("(set +e; watch ").append(watcher).append(") 9>&- </dev/null >/dev/null 2>&1 &\n");
        }
        return script.append("echo ").append(DONE).toString();
    }
}
