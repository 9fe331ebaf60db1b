package dev.clusterlab.provisioning.real;

import dev.clusterlab.hello.HelloService;
import dev.clusterlab.provisioning.ContainerPlace;
import dev.clusterlab.provisioning.EngineFault.Misbehaviour;
import dev.clusterlab.provisioning.FaultHandle;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.Machine.State;
import dev.clusterlab.provisioning.ServiceTrouble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * The services in containers of real machines that were told to misbehave, by a port on the loopback of their container: a script
 * in the machine enters the container's network for that. Each is told for how long, and told again while the lab lives: it ends by
 * itself, by the service's own monotonic clock. Thread-safe.
 *
 * @param <M> a machine of the engine
 */
public final class ServiceOrders<M extends RealMachine> {
    private static final System.Logger LOG = System.getLogger(ServiceOrders.class.getName());
    private static final int ENDED_KEPT = 64;
    private static final String GONE = "gone";
    private static final String NOBODY = "nobody";

    /** Machines, and what runs in them. Throws a {@link LabException} where that cannot be. */
    public interface Programs<M> {
        /** Runs a shell script in a machine and gives what it printed. */
        String run(M node, String doing, String script);

        /** The containers that run in a machine: their labels by their identifiers. */
        Map<String, Map<String, String>> containers(M node);

        /** The machines that run. */
        List<M> running();
    }

    /** How often it is looked for what stands in the place of a service that crashes. */
    private static final long LOOK_MILLIS = 500;

    /** Tells the faults of this engine from those of a program that had the lab before. */
    private final String life;

    private final Function<String, M> machines;
    private final Programs<M> programs;
    private final ScheduledExecutorService looks;
    private final AtomicLong begun = new AtomicLong();
    private final Map<FaultHandle, Told> told = new ConcurrentHashMap<>();
    /** Those that ended last: whether they have can be asked. */
    private final Map<FaultHandle, Told> ended = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<FaultHandle, Told> eldest) {
            return size() > ENDED_KEPT;
        }
    });

    /** @param place where whatever stands there is told too; empty: only the container itself */
    private record Told(Misbehaviour fault, Optional<ContainerPlace> place) {}

    /**
     * @param life letters and digits
     * @param machines by name; throws NOT_FOUND for one that there is not
     * @param looks on which it is looked for services that come back; its owner ends it
     */
    public ServiceOrders(
            String life, Function<String, M> machines, Programs<M> programs, ScheduledExecutorService looks) {
        this.life = life;
        this.machines = machines;
        this.programs = programs;
        this.looks = looks;
    }

    /** As {@link dev.clusterlab.provisioning.Engine#begin}. */
    public FaultHandle begin(Misbehaviour fault) {
        var handle = new FaultHandle("service-" + life + "-" + begun.incrementAndGet());
        Optional<ContainerPlace> place = fault.kind() instanceof ServiceTrouble.CrashLoop
                ? Optional.of(ContainerPlace.of(
                        fault.container(),
                        programs.containers(machines.apply(fault.machine())).getOrDefault(fault.container(), Map.of())))
                : Optional.empty();
        String answer = begin(handle, fault);
        if (answer.startsWith(GONE)) {
            throw new LabException(
                    Kind.REFUSED,
                    "Container " + fault.container() + " is not running.",
                    "`docker ps` shows those that are.");
        }
        if (answer.startsWith(NOBODY)) {
            throw ServiceTrouble.unknown(fault.container());
        }
        if (!well(answer)) {
            throw new LabException(
                    Kind.REFUSED,
                    "The service in container " + fault.container() + " refused to misbehave: "
                            + answer.lines().findFirst().orElse(""),
                    "It may be of another version.");
        }
        var now = new Told(fault, place);
        told.put(handle, now);
        if (place.isPresent()) {
            lookAgain(handle, now);
        }
        return handle;
    }

    private String begin(FaultHandle handle, Misbehaviour fault) {
        String what = switch (fault.kind()) {
            case ServiceTrouble.Unhealthy() -> "unhealthy";
            case ServiceTrouble.Slow(Duration delay) -> "slow=" + delay.toMillis();
            case ServiceTrouble.Errors(double share) -> "errors=" + share;
            case ServiceTrouble.CrashLoop(Duration after) -> "crash=" + after.toMillis();
        };
        return ask(fault, "PUT", "/faults/" + handle.id() + "?" + what + "&for=" + KeeperScripts.LIMIT_SECONDS);
    }

    private static boolean well(String answer) {
        return answer.startsWith("HTTP/1.1 200");
    }

    /** As {@link dev.clusterlab.provisioning.Engine#end}; whether the fault is one of these. */
    public boolean end(FaultHandle handle) {
        Told now = told.remove(handle);
        if (now == null) {
            return ended.containsKey(handle);
        }
        ended.put(handle, now);
        for (Misbehaviour each : standing(now)) {
            ask(each, "DELETE", "/faults/" + handle.id());
        }
        return true;
    }

    /** As {@link dev.clusterlab.provisioning.Engine#misbehaves}. */
    public boolean misbehaves(FaultHandle handle) {
        Told now = told.containsKey(handle) ? told.get(handle) : ended.get(handle);
        return now != null
                && standing(now).stream()
                        .anyMatch(each -> ask(each, "GET", "/faults")
                                .lines()
                                .anyMatch(line -> line.startsWith(handle.id() + ":")));
    }

    /** The container that was told, or all that stand in its place; none if they are gone. */
    private List<Misbehaviour> standing(Told now) {
        if (now.place().isEmpty()) {
            return running(now.fault()) ? List.of(now.fault()) : List.of();
        }
        ContainerPlace place = now.place().get();
        var found = new ArrayList<Misbehaviour>();
        for (M node : programs.running()) {
            try {
                programs.containers(node).forEach((container, labels) -> {
                    if (place.holds(container, labels)) {
                        found.add(new Misbehaviour(
                                node.name(), container, now.fault().kind()));
                    }
                });
            } catch (LabException e) {
                LOG.log(System.Logger.Level.DEBUG, "What runs in " + node.name() + " is not known", e);
            }
        }
        return found;
    }

    private void lookAgain(FaultHandle handle, Told now) {
        looks.schedule(
                () -> {
                    if (told.containsKey(handle)) {
                        tell(handle, now);
                        lookAgain(handle, now);
                    }
                },
                LOOK_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    private void tell(FaultHandle handle, Told now) {
        for (Misbehaviour each : standing(now)) {
            try {
                begin(handle, each);
            } catch (LabException e) {
                LOG.log(
                        System.Logger.Level.DEBUG,
                        "The service in " + each.container() + " could not be told again",
                        e);
            }
        }
        if (!told.containsKey(handle)) {
            // It was ended meanwhile: what was told by then is told to stop.
            standing(now).forEach(each -> ask(each, "DELETE", "/faults/" + handle.id()));
        }
    }

    /** Tells each again for how long. */
    public void keep() {
        told.forEach((handle, now) -> {
            if (now.place().isEmpty()) {
                tell(handle, now);
            }
        });
    }

    private boolean running(Misbehaviour fault) {
        try {
            return machines.apply(fault.machine()).state().equals(Optional.of(State.RUNNING));
        } catch (LabException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    /** The answer with its head, or {@link #GONE} or {@link #NOBODY}. */
    private String ask(Misbehaviour fault, String method, String path) {
        return programs.run(
                machines.apply(fault.machine()),
                "tell a service on " + fault.machine(),
                script(fault.container(), method, path));
    }

    /** For the shell of a machine, with bash beside it, or busybox. The service leaves the connection open: who asks counts. */
    static String script(String container, String method, String path) {
        return """
                pid=$(docker -H unix:///var/run/docker.sock inspect -f '{{.State.Pid}}' %1$s 2>/dev/null) || pid=0
                [ "$pid" -gt 0 ] || { echo %2$s; exit 0; }
                request='%4$s %5$s HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Length: 0\\r\\n\\r\\n'
                if command -v bash >/dev/null; then
                  answer=$(nsenter -t $pid -n timeout 5 bash -c '
                    exec 3<>/dev/tcp/127.0.0.1/%6$d && printf "$0" >&3 || exit
                    while IFS= read -r line <&3 && line=${line%%$(printf "\\r")} && [ -n "$line" ]; do
                      echo "$line"
                      case $line in Content-Length:*) length=${line#*: };; esac
                    done
                    head -c "${length:-0}" <&3' "$request" 2>/dev/null)
                else
                  answer=$(printf "$request" | nsenter -t $pid -n timeout 2 nc 127.0.0.1 %6$d 2>/dev/null)
                fi
                if [ -n "$answer" ]; then echo "$answer"; else echo %3$s; fi
                """.formatted(container, GONE, NOBODY, method, path, HelloService.FAULT_PORT);
    }
}
