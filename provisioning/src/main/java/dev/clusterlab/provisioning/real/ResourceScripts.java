package dev.clusterlab.provisioning.real;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The part of {@link KeeperScripts} that takes names, processor time and memory from a machine's containers and its daemon. All of it
 * is a limit on what is the machine's own: rules in its containers' networks, and the control group that {@code node-start.sh} makes
 * for its daemon. Nothing is used up that was not the machine's: what keeps its processor busy stands in that group itself.
 *
 * <p>A container's resolver asks the daemon's at 127.0.0.11, or another by port 53; a name stands in the question at a fixed place,
 * each part with its length before it. A question for a name that is lost does not leave: who asks hears at once that he cannot.
 */
final class ResourceScripts {
    /** Of a datagram: 20 bytes of IP, 8 of UDP, 12 of DNS. */
    private static final int NAME_OFFSET_BYTES = 40;

    /** In which a share of the processor is given out. */
    private static final int PERIOD_MICROS = 100_000;

    /**
     * Prints what is lost or limited: {@code lost CHAIN} for each name and container, {@code busy}, {@code short}; needs
     * {@link #FUNCTIONS}.
     */
    static final String LOOK = """
            for space in $(spaces); do
              nsenter --net=$space iptables -w -S OUTPUT 2>/dev/null | sed -n 's/.* -j \\(CLN-.*\\)$/lost \\1/p'
            done | sort -u
            folder=$(group cpu)
            if [ -e $folder/cpu.max ]; then
              grep -q '^max' $folder/cpu.max || echo busy
            elif [ -e $folder/cpu.cfs_quota_us ]; then
              [ "$(cat $folder/cpu.cfs_quota_us)" -lt 0 ] || echo busy
            fi
            folder=$(group memory)
            if [ -e $folder/memory.max ]; then
              grep -q '^max' $folder/memory.max || echo short
            elif [ -e $folder/memory.limit_in_bytes ]; then
              [ "$(cat $folder/memory.limit_in_bytes)" -ge 1000000000000000 ] || echo short
            fi
            """;

    /** {@code alive}: where the keeper's files begin. */
    static final String FUNCTIONS = """
            group() {
              if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
                echo /sys/fs/cgroup/machine
              else
                echo /sys/fs/cgroup/$1$(sed -n "s/^[0-9]*:\\([^:]*,\\)*$1\\(,[^:]*\\)*://p" /proc/self/cgroup)/machine
              fi
            }
            spaces() {
              for space in /var/run/docker/netns/*; do
                case ${space##*/} in *[!0-9a-f]*) ;; *) echo $space;; esac
              done
            }
            lose_names() {
              nsenter --net=$1 sh -c '
                iptables -w -S 2>/dev/null | sed -n "s/^-N \\(CLN-.*\\)$/\\1/p" | while read -r chain; do
                  case "$0" in *"$chain "*) continue;; esac
                  iptables -w -D OUTPUT -d 127.0.0.11/32 -p udp -j $chain 2>/dev/null
                  iptables -w -D OUTPUT -p udp --dport 53 -j $chain 2>/dev/null
                  iptables -w -F $chain
                  iptables -w -X $chain
                done
                echo "$0" | while read -r chain end name; do
                  [ -n "$chain" ] && iptables -w -N $chain 2>/dev/null || continue
                  iptables -w -A $chain -p udp -m string --algo bm --icase --from NAMEAT --to $end --hex-string "$name" -j REJECT &&
                    iptables -w -I OUTPUT -d 127.0.0.11/32 -p udp -j $chain &&
                    iptables -w -I OUTPUT -p udp --dport 53 -j $chain
                done' "$(cat $alive.names 2>/dev/null)"
            }
            newcomers() {
              [ -e $alive.names ] || return 0
              for space in $(spaces); do
                grep -qx $space $alive.spaces 2>/dev/null && continue
                lose_names $space 2>/dev/null || true
                echo $space >>$alive.spaces
              done
            }
            names() {
              [ -n "$1" ] || [ -e $alive.names ] || return 0
              if [ -n "$1" ] && [ "$1" = "$(cat $alive.names 2>/dev/null)" ]; then
                newcomers
                return 0
              fi
              echo "$1" >$alive.names
              rm -f $alive.spaces
              newcomers
              [ -n "$1" ] || rm -f $alive.names $alive.spaces
            }
            processor() {
              [ $1 -lt PERIOD ] || [ -e $alive.busy ] || return 0
              [ "$1" != "$(sed -n 1p $alive.busy 2>/dev/null)" ] || return 0
              folder=$(group cpu)
              hog=$(sed -n 2p $alive.busy 2>/dev/null || true)
              [ -z "$hog" ] || kill -9 $hog 2>/dev/null || true
              rm -f $alive.busy
              if [ -e $folder/cpu.max ]; then
                [ $1 -lt PERIOD ] && echo "$1 PERIOD" >$folder/cpu.max || echo "max PERIOD" >$folder/cpu.max
                mkdir -p $folder/busy
                place=$folder/busy
              else
                echo PERIOD >$folder/cpu.cfs_period_us
                [ $1 -lt PERIOD ] && echo $1 >$folder/cpu.cfs_quota_us || echo -1 >$folder/cpu.cfs_quota_us
                place=$folder
              fi
              [ $1 -lt PERIOD ] || return 0
              sh -c 'echo $$ >$0/cgroup.procs || exit; while :; do :; done' $place 9>&- </dev/null >/dev/null 2>&1 &
              printf '%s\\n%s\\n' $1 $! >$alive.busy
            }
            limit_memory() {
              if [ -e $1/memory.max ]; then
                echo 0 >$1/memory.swap.max 2>/dev/null || true
                echo $2 >$1/memory.max
              else
                echo 0 >$1/memory.swappiness 2>/dev/null || true
                echo $2 >$1/memory.limit_in_bytes
              fi
            }
            memory() {
              [ -n "$1" ] || [ -e $alive.memory ] || return 0
              [ "$1" != "$(cat $alive.memory 2>/dev/null)" ] || return 0
              folder=$(group memory)
              if [ -z "$1" ]; then
                if [ -e $folder/memory.max ]; then
                  echo max >$folder/memory.max
                  echo max >$folder/memory.swap.max 2>/dev/null || true
                else
                  echo -1 >$folder/memory.limit_in_bytes
                  cat ${folder%/*}/memory.swappiness >$folder/memory.swappiness 2>/dev/null || true
                fi
                rm -f $alive.memory
                return 0
              fi
              used=$(cat $folder/memory.current 2>/dev/null || cat $folder/memory.usage_in_bytes)
              # What was read from files can be read again.
              files=$(awk '/^(total_)?(in)?active_file / {of[$1] = $2} END {
                total = of["total_active_file"] + of["total_inactive_file"]
                print total ? total : of["active_file"] + of["inactive_file"]}' $folder/memory.stat)
              echo "$1" >$alive.memory
              limit_memory $folder $((used - files + $1)) && return 0
              rm -f $alive.memory
              echo "its control group uses more memory than it would be left"
              return 1
            }
            """.replace("NAMEAT", Integer.toString(NAME_OFFSET_BYTES))
            .replace("PERIOD", Integer.toString(PERIOD_MICROS));

    private ResourceScripts() {}

    /** Makes this all that is taken. */
    static String settle(MachineOrders.Resources resources) {
        long micros = Math.min(PERIOD_MICROS, Math.round(resources.processorPercent() / 100 * PERIOD_MICROS));
        return "names '"
                + resources.names().stream().map(ResourceScripts::line).collect(Collectors.joining("\n"))
                + "'\nprocessor "
                + micros
                + "\nmemory '"
                + (resources.memoryLeftBytes().isPresent()
                        ? Long.toString(resources.memoryLeftBytes().getAsLong())
                        : "")
                + "'\n";
    }

    /** A chain, where the name ends in a question, and how it is written there. */
    private static String line(String name) {
        String question = question(name);
        return chain(name) + " " + (NAME_OFFSET_BYTES + question.length() / 2) + " |" + question + "|";
    }

    /** The chain that loses a name; names are longer than a chain's may be. */
    static String chain(String name) {
        return String.format(Locale.ROOT, "CLN-%08x%04x", name.hashCode(), name.length());
    }

    private static String question(String name) {
        var hex = new StringBuilder();
        for (String part : name.split("\\.", -1)) {
            byte[] bytes = part.getBytes(StandardCharsets.US_ASCII);
            hex.append(HexFormat.of().toHexDigits((byte) bytes.length))
                    .append(HexFormat.of().formatHex(bytes));
        }
        return hex.append("00").toString();
    }
}
