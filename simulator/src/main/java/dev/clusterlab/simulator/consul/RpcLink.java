package dev.clusterlab.simulator.consul;

import dev.clusterlab.simulator.consul.Rpc.Call;
import dev.clusterlab.simulator.consul.Rpc.Failed;
import dev.clusterlab.simulator.consul.Rpc.KeepAlive;
import dev.clusterlab.simulator.consul.Rpc.KeepAliveReply;
import dev.clusterlab.simulator.consul.Rpc.Message;
import dev.clusterlab.simulator.consul.Rpc.RaftEnvelope;
import dev.clusterlab.simulator.consul.Rpc.Reply;
import dev.clusterlab.simulator.consul.Rpc.Request;
import dev.clusterlab.simulator.consul.Rpc.Result;
import dev.clusterlab.simulator.core.Timer;
import dev.clusterlab.simulator.programs.ProgramContext;
import dev.clusterlab.simulator.protocol.Raft;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The connections between agents on the server port: calls with answers, and the messages of Raft.
 *
 * <p>A call ends with {@link Rpc#BROKEN} when gossip declares the server failed, or when a keep-alive (every 30 s, with a
 * timeout of 10 s, as yamux has it) shows that the server does not know the call any more.
 */
final class RpcLink {
    private static final Duration KEEP_ALIVE_INTERVAL = Duration.ofSeconds(30);
    private static final Duration KEEP_ALIVE_TIMEOUT = Duration.ofSeconds(10);

    private final ProgramContext context;
    private final Calls history = new Calls();
    /** Calls that merely observe have keep-alives of their own, so that they do not shift those of the others. */
    private final Calls observation = new Calls();
    /** Calls from others that are being worked on, by address. */
    private final Map<String, Set<Long>> serving = new LinkedHashMap<>();

    private @Nullable BiConsumer<Request, Consumer<Result>> requests;
    private @Nullable BiConsumer<String, Raft.RaftMessage> raftMessages;
    private long lastId;

    private record Pending(String address, Consumer<Result> done) {}

    RpcLink(ProgramContext context) {
        this.context = context;
        context.listenMessages(Rpc.PORT, (from, message) -> {
            if (message instanceof Message known) {
                receive(from, known);
            }
        });
    }

    /** Makes this agent a server. */
    void serve(BiConsumer<Request, Consumer<Result>> handler, BiConsumer<String, Raft.RaftMessage> raftHandler) {
        requests = handler;
        raftMessages = raftHandler;
    }

    void call(String address, Request request, Consumer<Result> done) {
        Calls calls = context.simulation().observing() ? observation : history;
        calls.begin(address, request, context.simulation().keep(done));
    }

    void sendRaft(String address, String ownId, Raft.RaftMessage message) {
        context.send(address, Rpc.PORT, new RaftEnvelope(ownId, message));
    }

    /** The connections to a server are gone: everything asked there fails. */
    void broken(String address) {
        history.broken(address);
        observation.broken(address);
    }

    private void receive(String from, Message message) {
        switch (message) {
            case RaftEnvelope envelope -> {
                if (raftMessages != null) {
                    raftMessages.accept(envelope.fromId(), envelope.message());
                }
            }
            case Call call -> serve(from, call);
            case Reply reply -> {
                if (!history.answered(reply.id(), reply.result())) {
                    observation.answered(reply.id(), reply.result());
                }
            }
            case KeepAlive keepAliveCall -> {
                Set<Long> known = serving.getOrDefault(from, Set.of());
                var unknown = new ArrayList<Long>();
                for (long id : keepAliveCall.calls()) {
                    if (!known.contains(id)) {
                        unknown.add(id);
                    }
                }
                context.send(from, Rpc.PORT, new KeepAliveReply(keepAliveCall.id(), List.copyOf(unknown)));
            }
            case KeepAliveReply answer -> {
                Calls calls = context.simulation().observing() ? observation : history;
                calls.unansweredKeepAlives.remove(answer.id());
                for (long id : answer.unknown()) {
                    // Its answer may be on the way behind this message: only what still misses then is lost.
                    context.scope().schedule(Duration.ofSeconds(1), () -> calls.answered(id, new Failed(Rpc.BROKEN)));
                }
            }
        }
    }

    private void serve(String from, Call call) {
        if (requests == null) {
            context.send(from, Rpc.PORT, new Reply(call.id(), new Failed("rpc: can't find service")));
            return;
        }
        serving.computeIfAbsent(from, f -> new LinkedHashSet<>()).add(call.id());
        Consumer<Result> reply = context.simulation()
                .keep((Result result) -> context.send(from, Rpc.PORT, new Reply(call.id(), result)));
        requests.accept(call.request(), result -> {
            Set<Long> open = serving.get(from);
            if (open != null) {
                open.remove(call.id());
                if (open.isEmpty()) {
                    serving.remove(from);
                }
            }
            reply.accept(result);
        });
    }

    /** Calls to others that wait for their answers, and what keeps their connections alive. */
    private final class Calls {
        private final Map<Long, Pending> pending = new LinkedHashMap<>();
        private final Map<Long, String> unansweredKeepAlives = new LinkedHashMap<>();
        private @Nullable Timer keepAlive;

        void begin(String address, Request request, Consumer<Result> done) {
            long id = ++lastId;
            pending.put(id, new Pending(address, done));
            context.send(address, Rpc.PORT, new Call(id, request));
            if (keepAlive == null || !keepAlive.pending()) {
                keepAlive = context.scope().schedule(KEEP_ALIVE_INTERVAL, this::sendKeepAlives);
            }
        }

        /** Whether the call was one of these and waited for an answer. */
        boolean answered(long id, Result result) {
            Pending asked = pending.remove(id);
            if (asked == null) {
                return false;
            }
            asked.done().accept(result);
            return true;
        }

        void broken(String address) {
            for (Map.Entry<Long, Pending> entry : List.copyOf(pending.entrySet())) {
                if (entry.getValue().address().equals(address)) {
                    answered(entry.getKey(), new Failed(Rpc.BROKEN));
                }
            }
        }

        private void sendKeepAlives() {
            var byAddress = new LinkedHashMap<String, List<Long>>();
            pending.forEach((id, call) -> byAddress
                    .computeIfAbsent(call.address(), a -> new ArrayList<>())
                    .add(id));
            byAddress.forEach((address, calls) -> {
                long id = ++lastId;
                unansweredKeepAlives.put(id, address);
                context.send(address, Rpc.PORT, new KeepAlive(id, List.copyOf(calls)));
                context.scope().schedule(KEEP_ALIVE_TIMEOUT, () -> {
                    String silent = unansweredKeepAlives.remove(id);
                    if (silent != null) {
                        // The connection carries history's calls too; but observation decides nothing about these.
                        if (this == observation) {
                            broken(silent);
                        } else {
                            RpcLink.this.broken(silent);
                        }
                    }
                });
            });
            if (!pending.isEmpty()) {
                keepAlive = context.scope().schedule(KEEP_ALIVE_INTERVAL, this::sendKeepAlives);
            }
        }
    }
}
