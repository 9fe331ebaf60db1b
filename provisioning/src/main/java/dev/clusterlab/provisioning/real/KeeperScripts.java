package dev.clusterlab.provisioning.real;

import dev.clusterlab.provisioning.LinkTrouble;
import java.util.Locale;

/**
 * The shell scripts that keep faults inside a machine, and end them there. Packets are dropped and held up in it rather than its
 * container taken off its network: the published ports, and with them the view of what its daemon believes, stay.
 *
 * <p>Each fault that loses packets has a chain of its own, with rules for what comes from some addresses. What the machine sends is
 * not touched by them: that is lost where it would arrive, so that a cut of one direction leaves the other open; unless nothing may be
 * done to the machine where it arrives, then it is lost where it leaves (chain {@code OUTPUT}). Packets for the
 * machine itself pass the chain {@code INPUT}, those for its containers {@code DOCKER-USER}: Docker asks that one before all rules
 * of its own, also before those that it adds later. The jump from there is made last and removed first, so where it is, the rest
 * is. What delays packets or limits their rate sits at the sender instead, where the kernel has queues: see {@link Shaping}.
 */
public final class KeeperScripts {
    /**
     * Everything ends inside the machine this long after the lab's last sign of life, by the kernel's monotonic clock, so that a
     * killed lab leaves nothing.
     */
    public static final int LIMIT_SECONDS = 30;

    /** What a script prints that has done all that it should. */
    static final String DONE = "done";

    /** What {@link #ALIVE} prints where everything has ended by itself. */
    static final String GONE = "gone";

    /** A sign of life. */
    static final String ALIVE =
            "touch -c /run/clusterlab-faults; [ -e /run/clusterlab-faults ] && echo kept || echo " + GONE;

    /** Tells the chains of faults, and the addresses that packets are sent to more slowly, in hexadecimal digits. */
    private static final String LOOK_AT_PACKETS = """
            iptables -w -S 2>/dev/null | sed -n 's/^-N \\(CL-.*\\)$/chain \\1/p'
            tc filter show dev ${device:-eth0} 2>/dev/null | sed -n 's/.*match \\([0-9a-f]\\{8\\}\\)\\/ffffffff at 16.*/shaped \\1/p'
            """;

    /** As {@link #LOOK_AT_PACKETS}, and what {@link ResourceScripts#LOOK} says. */
    static final String LOOK = ResourceScripts.FUNCTIONS + LOOK_AT_PACKETS + ResourceScripts.LOOK;

    /** Whether all of a machine can be frozen but what keeps its faults. Prints {@link #DONE} where it can. */
    static final String CAN_FREEZE = "[ -e /run/clusterlab-freezer ] && echo " + DONE;

    /** What {@link #takeOver} prints of a machine that is frozen. */
    static final String FROZEN = "frozen";

    /**
     * The file that a sign of life touches holds the name of the watcher in charge: each script brings a watcher of its own, and
     * the one before it ends. Time in which a watcher itself stood still, such as while the machine was frozen, does not count.
     *
     * <p>A script may begin with {@code device}, by which a machine sends, and with {@code spared}: connections that no fault touches, each
     * as {@code PORT,ADDRESS/BITS}, a TCP port of the machine and who comes to it.
     *
     * <p>All packets of a burst are lost by a rule with a probability of 1, which tells it from the rule of a cut.
     */
    private static final String FUNCTIONS =
            """
            set -e
            : ${device:=eth0}
            alive=/run/clusterlab-faults
            exec 9>>$alive.lock
            flock 9 2>/dev/null || true
            chains() {
              iptables -w -S 2>/dev/null | sed -n 's/^-N \\(CL-.*\\)$/\\1/p'
            }
            begin() {
              iptables -w -C DOCKER-USER -j $1 2>/dev/null && return 1
              iptables -w -N $1 2>/dev/null || iptables -w -F $1
              for each in $spared; do
                iptables -w -A $1 -s ${each#*,} -p tcp --dport ${each%,*} -j RETURN
                [ -z "$2" ] || iptables -w -A $1 -d ${each#*,} -p tcp --sport ${each%,*} -j RETURN
              done
            }
            enter() {
              [ -z "$2" ] || iptables -w -C OUTPUT -j $1 2>/dev/null || iptables -w -I OUTPUT -j $1
              iptables -w -C INPUT -j $1 2>/dev/null || iptables -w -I INPUT -j $1
              iptables -w -I DOCKER-USER -j $1
            }
            side() {
              [ "$1" = out ] && echo -d || echo -s
            }
            drop() {
              iptables -w -A $1 $(side $3) $2 -j DROP
            }
            lose() {
              iptables -w -A $1 $(side $4) $2 -m statistic --mode random --probability $3 -j DROP
            }
            bursts() {
              seed=$(od -An -N4 -tu4 /dev/urandom)
              awk -v pause=$4 -v burst=$3 -v seed="$seed" 'BEGIN {
                srand(seed)
                while (1) printf "%.3f %.3f\\n", -pause * log(1 - rand()), -burst * log(1 - rand())
              }' | while read -r quiet lossy; do
                sleep $quiet
                lose $1 $2 1 $5 || break
                sleep $lossy
                iptables -w -D $1 $(side $5) $2 -m statistic --mode random --probability 1 -j DROP || break
              done
            }
            burst() {
              (set +e; bursts "$@") 9>&- </dev/null >/dev/null 2>&1 &
            }
            mend() {
              iptables -w -D DOCKER-USER -j $1 2>/dev/null || true
              iptables -w -D INPUT -j $1 2>/dev/null || true
              iptables -w -D OUTPUT -j $1 2>/dev/null || true
              for attempt in 1 2 3 4 5; do
                iptables -w -F $1
                # A burst may just have begun.
                iptables -w -X $1 2>/dev/null && return 0
              done
              iptables -w -X $1
            }
            shape() {
              command -v tc >/dev/null || [ -n "$1" ] || return 0
              if tc qdisc show dev $device | grep -q 'htb 1:'; then
                [ "$1" != "$(cat $alive.shape 2>/dev/null)" ] || return 0
                tc qdisc del dev $device root
              fi
              [ -n "$1" ] || return 0
              echo "$1" | sed "s/DEVICE/$device/" | tc -batch -
              for each in $spared; do
                tc filter add dev $device parent 1: protocol ip prio 1 u32 match ip dst ${each#*,} match ip protocol 6 0xff \\
                  match ip sport ${each%,*} 0xffff flowid 1:0
              done
              echo "$1" >$alive.shape
            }
            stands_still() {
              [ "$(cat $1)" = FROZEN ] || grep -qx 'frozen 1' ${1%/*}/cgroup.events 2>/dev/null
            }
            freeze() {
              read -r state freezing thawing </run/clusterlab-freezer
              echo $freezing >$state
              for attempt in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
                stands_still $state && return 0
                sleep 0.1
              done
              echo $thawing >$state
              echo "its processes do not stand still"
              return 1
            }
            thaw() {
              [ -e /run/clusterlab-freezer ] || return 0
              read -r state freezing thawing </run/clusterlab-freezer
              echo $thawing >$state
            }
            paused() {
              rm -f $alive.paused
              [ -z "$1" ] || echo "$1" >$alive.paused
            }
            wake() {
              for container in $(cat $alive.paused 2>/dev/null); do
                timeout 10 docker -H unix:///var/run/docker.sock unpause $container >/dev/null 2>&1 || true
              done
              rm -f $alive.paused
            }
            release() {
              for chain in $(chains); do mend $chain; done
              shape ''
              thaw
              wake
              names ''
              processor ALL
              memory ''
            }
            in_charge() {
              [ "$(cat $alive 2>/dev/null)" = "$1" ]
            }
            last_sign() {
              stat -c %Y $alive 2>/dev/null
            }
            watch() {
              seen= idle=0 before=
              while in_charge $1; do
                sign=$(last_sign)
                read -r uptime rest </proc/uptime
                now=${uptime%.*}${uptime#*.}
                passed=$((now - ${before:-$now}))
                [ $passed -le 500 ] || passed=100
                before=$now
                [ "$sign" = "$seen" ] && idle=$((idle + passed)) || idle=0
                seen=$sign
                if [ $idle -ge LIMIT00 ]; then
                  exec 9>>$alive.lock
                  flock 9
                  if in_charge $1 && [ "$(last_sign)" = "$seen" ]; then
                    release
                    rm -f $alive
                  fi
                  exec 9>&-
                  idle=0
                fi
                newcomers
                sleep 0.5
              done
            }
            """.replace("LIMIT", Integer.toString(LIMIT_SECONDS)).replace("ALL", "100000") + ResourceScripts.FUNCTIONS;

    private KeeperScripts() {}

    /**
     * Makes these the lab's only faults in a machine; what is there already is not touched. Prints {@link #DONE}.
     *
     * @param watcher a name that no other script for this machine has
     */
    static String settle(String watcher, MachineOrders orders) {
        var script = new StringBuilder(FUNCTIONS);
        if (orders.none()) {
            script.append("rm -f $alive\n");
        } else {
            script.append("echo ").append(watcher).append(" >$alive\n");
        }
        if (!orders.chains().isEmpty()) {
            script.append("iptables -w -N DOCKER-USER 2>/dev/null || true\n");
        }
        orders.chains().forEach((chain, losses) -> {
            String out = losses.stream().anyMatch(MachineOrders.Loss::outgoing) ? " out" : "";
            script.append("if begin ").append(chain).append(out).append("; then\n");
            losses.forEach(loss -> script.append("  ").append(rule(chain, loss)).append('\n'));
            script.append("  enter ").append(chain).append(out).append("\nfi\n");
        });
        // Of faults that have ended, or of a program that had this lab before.
        script.append("for chain in $(chains); do\n")
                .append("  case ' ")
                .append(String.join(" ", orders.chains().keySet()))
                .append(" ' in *\" $chain \"*) ;; *) mend $chain ;; esac\n")
                .append("done\n");
        script.append("shape '")
                .append(String.join("\n", Shaping.commands(orders.slowed())))
                .append("'\n");
        script.append(ResourceScripts.settle(orders.resources()));
        script.append("paused '").append(String.join(" ", orders.paused())).append("'\n");
        script.append(orders.frozen() ? "freeze\n" : "thaw\n");
        if (!orders.none()) {
            script.append("(set +e; watch ").append(watcher).append(") 9>&- </dev/null >/dev/null 2>&1 &\n");
        }
        return script.append("echo ").append(DONE).toString();
    }

    /** Ends all faults of a machine, and takes away what kept them. */
    public static String end() {
        return settle("nobody", MachineOrders.NONE) + "\nrm -f $alive.*\n";
    }

    /** As {@link #end}, of a program that was killed: containers that it froze go on. */
    public static String endOfKilled() {
        return FUNCTIONS + "wake\n" + end();
    }

    /**
     * Ends what a program that had this lab before left in a machine that runs, but for its being frozen. Prints {@link #FROZEN}
     * if it is.
     */
    static String takeOver() {
        return FUNCTIONS + """
                if [ -e /run/clusterlab-freezer ] && read -r state rest </run/clusterlab-freezer && stands_still $state; then
                  echo frozen
                else
                  wake
                fi
                for chain in $(chains); do mend $chain; done
                shape ''
                """ + ResourceScripts.settle(MachineOrders.Resources.ALL);
    }

    private static String rule(String chain, MachineOrders.Loss loss) {
        String of = chain + " " + loss.address();
        String out = loss.outgoing() ? " out" : "";
        return loss.trouble()
                .map(trouble -> switch (trouble) {
                    case LinkTrouble.Loss(double share) -> String.format(Locale.ROOT, "lose %s %.6f%s", of, share, out);
                    case LinkTrouble.BurstLoss bursts -> {
                        double seconds = bursts.burst().toMillis() / 1000.0;
                        double pause = seconds * (1 - bursts.share()) / bursts.share();
                        yield String.format(Locale.ROOT, "burst %s %.3f %.3f%s", of, seconds, pause, out);
                    }
                    case LinkTrouble.Latency _,
                            LinkTrouble.Bandwidth _,
                            LinkTrouble.Duplicates _,
                            LinkTrouble.Reordering _ -> throw new IllegalArgumentException(trouble + " is no loss");
                })
                .orElse("drop " + of + out);
    }
}
