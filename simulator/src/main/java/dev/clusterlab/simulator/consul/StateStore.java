package dev.clusterlab.simulator.consul;

import dev.clusterlab.simulator.consul.Command.ChangeKey;
import dev.clusterlab.simulator.consul.Command.CreateSession;
import dev.clusterlab.simulator.consul.Command.Deregister;
import dev.clusterlab.simulator.consul.Command.DestroySession;
import dev.clusterlab.simulator.consul.Command.Register;
import dev.clusterlab.simulator.consul.Records.Check;
import dev.clusterlab.simulator.consul.Records.Key;
import dev.clusterlab.simulator.consul.Records.Node;
import dev.clusterlab.simulator.consul.Records.NodeContent;
import dev.clusterlab.simulator.consul.Records.Service;
import dev.clusterlab.simulator.consul.Records.ServiceHealth;
import dev.clusterlab.simulator.consul.Records.Session;
import dev.clusterlab.simulator.protocol.Raft;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The state that Consul's servers replicate: catalog, health, keys and sessions, with the index of each change. */
final class StateStore implements Raft.StateMachine {
    /** A command that was refused when it was applied; the text goes to the caller. */
    record Refused(String message) {}

    /** Deletions of keys that are remembered, so that an index never goes back. */
    private static final int TOMBSTONE_LIMIT = 4096;

    private final LongSupplier nowNanos;
    private final Runnable changed;
    private final Set<Table> touched = EnumSet.noneOf(Table.class);

    private TreeMap<String, Node> nodes = new TreeMap<>();
    private TreeMap<String, TreeMap<String, Service>> services = new TreeMap<>();
    private TreeMap<String, TreeMap<String, Check>> checks = new TreeMap<>();
    private TreeMap<String, Key> keys = new TreeMap<>();
    private TreeMap<String, Session> sessions = new TreeMap<>();
    private TreeMap<String, Long> tombstones = new TreeMap<>();
    private TreeMap<String, Long> serviceIndexes = new TreeMap<>();
    private EnumMap<Table, Long> indexes = new EnumMap<>(Table.class);
    private long extinctionIndex;
    /** When a key may be locked again; local to each server, as in Consul. */
    private final TreeMap<String, Long> lockDelays = new TreeMap<>();

    private record Picture(
            TreeMap<String, Node> nodes,
            TreeMap<String, TreeMap<String, Service>> services,
            TreeMap<String, TreeMap<String, Check>> checks,
            TreeMap<String, Key> keys,
            TreeMap<String, Session> sessions,
            TreeMap<String, Long> tombstones,
            TreeMap<String, Long> serviceIndexes,
            EnumMap<Table, Long> indexes,
            long extinctionIndex) {}

    /**
     * @param nowNanos virtual time, for lock delays
     * @param changed called after each change; {@link #takeTouched()} lists which tables
     */
    StateStore(LongSupplier nowNanos, Runnable changed) {
        this.nowNanos = nowNanos;
        this.changed = changed;
    }

    /** The tables changed since the last call. */
    Set<Table> takeTouched() {
        Set<Table> taken = EnumSet.copyOf(touched.isEmpty() ? EnumSet.noneOf(Table.class) : touched);
        touched.clear();
        return taken;
    }

    @Override
    public @Nullable Object apply(long index, Object command) {
        Object result = switch ((Command) command) {
            case Register register -> register(index, register);
            case Deregister deregister -> deregister(index, deregister);
            case ChangeKey change -> changeKey(index, change);
            case CreateSession create -> createSession(index, create.session());
            case DestroySession destroy -> {
                endSession(index, destroy.id());
                yield true;
            }
        };
        if (!touched.isEmpty()) {
            changed.run();
        }
        return result;
    }

    @Override
    public Object snapshot() {
        return new Picture(
                new TreeMap<>(nodes),
                deepCopy(services),
                deepCopy(checks),
                new TreeMap<>(keys),
                new TreeMap<>(sessions),
                new TreeMap<>(tombstones),
                new TreeMap<>(serviceIndexes),
                new EnumMap<>(indexes),
                extinctionIndex);
    }

    @Override
    public void restore(Object snapshot) {
        var picture = (Picture) snapshot;
        nodes = new TreeMap<>(picture.nodes);
        services = deepCopy(picture.services);
        checks = deepCopy(picture.checks);
        keys = new TreeMap<>(picture.keys);
        sessions = new TreeMap<>(picture.sessions);
        tombstones = new TreeMap<>(picture.tombstones);
        serviceIndexes = new TreeMap<>(picture.serviceIndexes);
        indexes = new EnumMap<>(picture.indexes);
        extinctionIndex = picture.extinctionIndex;
        touched.addAll(EnumSet.allOf(Table.class));
        changed.run();
    }

    private static <T> TreeMap<String, TreeMap<String, T>> deepCopy(Map<String, TreeMap<String, T>> map) {
        var copy = new TreeMap<String, TreeMap<String, T>>();
        map.forEach((key, inner) -> copy.put(key, new TreeMap<>(inner)));
        return copy;
    }

    // ---- catalog

    private Object register(long index, Register register) {
        String name = register.node().name();
        renameNode(index, register.node());
        Node old = nodes.get(name);
        if (old == null || !(register.skipNodeUpdate() || sameNode(old, register.node()))) {
            nodes.put(name, register.node().at(old == null ? index : old.createIndex(), index));
            touch(Table.NODES, index);
            touchServicesOf(name, index);
        }
        for (Service service : register.services()) {
            putService(index, service);
        }
        for (Check check : register.checks()) {
            if (!check.serviceId().isEmpty() && service(name, check.serviceId()) == null) {
                return new Refused("Missing service registration");
            }
            putCheck(index, check);
        }
        return true;
    }

    /** A node that comes back with its identifier under another name takes the place of its old entry. */
    private void renameNode(long index, Node node) {
        if (node.id().isEmpty()) {
            return;
        }
        for (Node other : List.copyOf(nodes.values())) {
            if (other.id().equals(node.id()) && !other.name().equals(node.name())) {
                deleteNode(index, other.name());
            }
        }
    }

    private static boolean sameNode(Node left, Node right) {
        return left.at(0, 0).equals(right.at(0, 0));
    }

    private void putService(long index, Service service) {
        TreeMap<String, Service> onNode = services.computeIfAbsent(service.node(), n -> new TreeMap<>());
        Service old = onNode.get(service.id());
        if (old != null && old.at(0, 0).equals(service.at(0, 0))) {
            return;
        }
        onNode.put(service.id(), service.at(old == null ? index : old.createIndex(), index));
        touch(Table.SERVICES, index);
        serviceIndexes.put(service.name(), index);
        if (old != null && !old.name().equals(service.name())) {
            serviceGone(index, old.name());
        }
        // The checks of a service carry its name and tags.
        for (Check check : List.copyOf(checksOf(service.node()).values())) {
            if (check.serviceId().equals(service.id())) {
                putCheck(index, check.ofService(service.name(), service.tags()));
            }
        }
    }

    private void putCheck(long index, Check given) {
        Service service = given.serviceId().isEmpty() ? null : service(given.node(), given.serviceId());
        Check check = service == null ? given : given.ofService(service.name(), service.tags());
        TreeMap<String, Check> onNode = checks.computeIfAbsent(check.node(), n -> new TreeMap<>());
        Check old = onNode.get(check.id());
        if (old != null && old.at(0, 0).equals(check.at(0, 0))) {
            return;
        }
        onNode.put(check.id(), check.at(old == null ? index : old.createIndex(), index));
        touch(Table.CHECKS, index);
        if (service != null) {
            serviceIndexes.put(service.name(), index);
        } else {
            touchServicesOf(check.node(), index);
        }
        if (check.status().equals(Records.CRITICAL)) {
            for (Session session : List.copyOf(sessions.values())) {
                if (session.node().equals(check.node()) && session.checks().contains(check.id())) {
                    endSession(index, session.id());
                }
            }
        }
    }

    private Object deregister(long index, Deregister deregister) {
        if (deregister.serviceId() != null) {
            deleteService(index, deregister.node(), deregister.serviceId());
        } else if (deregister.checkId() != null) {
            deleteCheck(index, deregister.node(), deregister.checkId());
        } else {
            deleteNode(index, deregister.node());
        }
        return true;
    }

    private void deleteNode(long index, String name) {
        if (nodes.remove(name) == null) {
            return;
        }
        for (String serviceId : List.copyOf(servicesOf(name).keySet())) {
            deleteService(index, name, serviceId);
        }
        for (String checkId : List.copyOf(checksOf(name).keySet())) {
            deleteCheck(index, name, checkId);
        }
        services.remove(name);
        checks.remove(name);
        for (Session session : List.copyOf(sessions.values())) {
            if (session.node().equals(name)) {
                endSession(index, session.id());
            }
        }
        touch(Table.NODES, index);
    }

    private void deleteService(long index, String node, String serviceId) {
        Service old = servicesOf(node).remove(serviceId);
        if (old == null) {
            return;
        }
        for (Check check : List.copyOf(checksOf(node).values())) {
            if (check.serviceId().equals(serviceId)) {
                deleteCheck(index, node, check.id());
            }
        }
        touch(Table.SERVICES, index);
        serviceIndexes.put(old.name(), index);
        serviceGone(index, old.name());
    }

    private void serviceGone(long index, String name) {
        if (instances(name).isEmpty()) {
            serviceIndexes.remove(name);
            extinctionIndex = index;
        }
    }

    private void deleteCheck(long index, String node, String checkId) {
        Check old = checksOf(node).remove(checkId);
        if (old == null) {
            return;
        }
        touch(Table.CHECKS, index);
        if (!old.serviceName().isEmpty() && serviceIndexes.containsKey(old.serviceName())) {
            serviceIndexes.put(old.serviceName(), index);
        } else {
            touchServicesOf(node, index);
        }
        for (Session session : List.copyOf(sessions.values())) {
            if (session.node().equals(node) && session.checks().contains(checkId)) {
                endSession(index, session.id());
            }
        }
    }

    private void touchServicesOf(String node, long index) {
        for (Service service : servicesOf(node).values()) {
            serviceIndexes.put(service.name(), index);
        }
    }

    @Nullable
    Node node(String name) {
        return nodes.get(name);
    }

    List<Node> nodes() {
        return List.copyOf(nodes.values());
    }

    private Map<String, Service> servicesOf(String node) {
        return services.getOrDefault(node, new TreeMap<>());
    }

    private Map<String, Check> checksOf(String node) {
        return checks.getOrDefault(node, new TreeMap<>());
    }

    @Nullable
    Service service(String node, String id) {
        return servicesOf(node).get(id);
    }

    @Nullable
    Check check(String node, String id) {
        return checksOf(node).get(id);
    }

    List<Service> nodeServices(String node) {
        return List.copyOf(servicesOf(node).values());
    }

    List<Check> nodeChecks(String node) {
        return List.copyOf(checksOf(node).values());
    }

    @Nullable
    NodeContent content(String name) {
        Node node = nodes.get(name);
        return node == null ? null : new NodeContent(node, nodeServices(name), nodeChecks(name));
    }

    /** Every service's name with the tags of all its instances. */
    Map<String, List<String>> serviceNames() {
        var names = new TreeMap<String, List<String>>();
        for (TreeMap<String, Service> onNode : services.values()) {
            for (Service service : onNode.values()) {
                List<String> tags = names.computeIfAbsent(service.name(), n -> new ArrayList<>());
                for (String tag : service.tags()) {
                    if (!tags.contains(tag)) {
                        tags.add(tag);
                    }
                }
            }
        }
        return Collections.unmodifiableMap(names);
    }

    List<Service> instances(String name) {
        var found = new ArrayList<Service>();
        for (TreeMap<String, Service> onNode : services.values()) {
            for (Service service : onNode.values()) {
                if (service.name().equals(name)) {
                    found.add(service);
                }
            }
        }
        return List.copyOf(found);
    }

    /** The instances of a service with their node's checks and their own. */
    List<ServiceHealth> health(String name) {
        var found = new ArrayList<ServiceHealth>();
        for (Service service : instances(name)) {
            Node node = nodes.get(service.node());
            if (node == null) {
                continue;
            }
            var relevant = new ArrayList<Check>();
            for (Check check : checksOf(service.node()).values()) {
                if (check.serviceId().isEmpty() || check.serviceId().equals(service.id())) {
                    relevant.add(check);
                }
            }
            found.add(new ServiceHealth(node, service, relevant));
        }
        return List.copyOf(found);
    }

    /** Every check, ordered by node and identifier. */
    List<Check> checks() {
        var all = new ArrayList<Check>();
        checks.values().forEach(onNode -> all.addAll(onNode.values()));
        return List.copyOf(all);
    }

    /** Index of the last change that concerns one service. */
    long serviceIndex(String name) {
        Long index = serviceIndexes.get(name);
        return index != null ? index : Math.max(extinctionIndex, 0);
    }

    long index(Table... tables) {
        long highest = 0;
        for (Table table : tables) {
            highest = Math.max(highest, indexes.getOrDefault(table, 0L));
        }
        return highest;
    }

    private void touch(Table table, long index) {
        indexes.put(table, index);
        touched.add(table);
    }

    // ---- keys

    private Object changeKey(long index, ChangeKey change) {
        Key old = keys.get(change.key());
        long modified = old == null ? 0 : old.modifyIndex();
        return switch (change.operation()) {
            case SET -> {
                putKey(index, change, old, old == null ? 0 : old.lockIndex(), old == null ? null : old.session());
                yield true;
            }
            case CAS -> {
                if (modified != change.casIndex()) {
                    yield false;
                }
                putKey(index, change, old, old == null ? 0 : old.lockIndex(), old == null ? null : old.session());
                yield true;
            }
            case LOCK -> lock(index, change, old);
            case UNLOCK -> {
                if (change.session() == null || change.session().isEmpty()) {
                    yield new Refused("missing session");
                }
                if (old == null || old.session() == null || !old.session().equals(change.session())) {
                    yield false;
                }
                putKey(index, change, old, old.lockIndex(), null);
                yield true;
            }
            case DELETE -> {
                deleteKey(index, change.key());
                yield true;
            }
            case DELETE_CAS -> {
                if (old != null && modified != change.casIndex()) {
                    yield false;
                }
                deleteKey(index, change.key());
                yield true;
            }
            case DELETE_TREE -> {
                for (String key : List.copyOf(underPrefix(change.key()).keySet())) {
                    deleteKey(index, key);
                }
                yield true;
            }
        };
    }

    private Object lock(long index, ChangeKey change, @Nullable Key old) {
        String session = change.session();
        if (session == null || session.isEmpty()) {
            return new Refused("missing session");
        }
        if (!sessions.containsKey(session)) {
            return new Refused("invalid session \"" + session + "\"");
        }
        if (old != null && old.session() != null) {
            if (!old.session().equals(session)) {
                return false;
            }
            putKey(index, change, old, old.lockIndex(), session);
            return true;
        }
        putKey(index, change, old, (old == null ? 0 : old.lockIndex()) + 1, session);
        return true;
    }

    private void putKey(long index, ChangeKey change, @Nullable Key old, long lockIndex, @Nullable String session) {
        var next = new Key(
                change.key(),
                change.value(),
                change.flags(),
                lockIndex,
                session,
                old == null ? index : old.createIndex(),
                index);
        if (old != null
                && old.value().equals(next.value())
                && old.flags() == next.flags()
                && old.lockIndex() == lockIndex
                && java.util.Objects.equals(old.session(), session)) {
            return;
        }
        keys.put(change.key(), next);
        touch(Table.KEYS, index);
    }

    private void deleteKey(long index, String key) {
        if (keys.remove(key) == null) {
            return;
        }
        tombstones.put(key, index);
        if (tombstones.size() > TOMBSTONE_LIMIT) {
            tombstones.pollFirstEntry();
        }
        touch(Table.KEYS, index);
    }

    @Nullable
    Key key(String key) {
        return keys.get(key);
    }

    List<Key> keysUnder(String prefix) {
        return List.copyOf(underPrefix(prefix).values());
    }

    private NavigableMap<String, Key> underPrefix(String prefix) {
        return prefix.isEmpty() ? keys : keys.subMap(prefix, true, prefix + Character.MAX_VALUE, false);
    }

    /** Index of the last change of a key under {@code prefix}, or of any key if there never was one. */
    long prefixIndex(String prefix) {
        long highest = 0;
        for (Key key : underPrefix(prefix).values()) {
            highest = Math.max(highest, key.modifyIndex());
        }
        NavigableMap<String, Long> gone =
                prefix.isEmpty() ? tombstones : tombstones.subMap(prefix, true, prefix + Character.MAX_VALUE, false);
        for (long index : gone.values()) {
            highest = Math.max(highest, index);
        }
        return highest == 0 ? index(Table.KEYS) : highest;
    }

    /** Whether the lock delay of a key forbids a new lock now. Asked by the leader before the command is proposed. */
    boolean lockDelayed(String key) {
        Long until = lockDelays.get(key);
        if (until == null) {
            return false;
        }
        if (until <= nowNanos.getAsLong()) {
            lockDelays.remove(key);
            return false;
        }
        return true;
    }

    // ---- sessions

    private Object createSession(long index, Session session) {
        if (!nodes.containsKey(session.node())) {
            return new Refused("Missing node registration");
        }
        for (String id : session.checks()) {
            Check check = check(session.node(), id);
            if (check == null) {
                return new Refused("Missing check '" + id + "' registration");
            }
            if (check.status().equals(Records.CRITICAL)) {
                return new Refused("Check '" + id + "' is in critical state");
            }
        }
        sessions.put(
                session.id(),
                new Session(
                        session.id(),
                        session.name(),
                        session.node(),
                        session.checks(),
                        session.lockDelayNanos(),
                        session.behavior(),
                        session.ttl(),
                        index,
                        index));
        touch(Table.SESSIONS, index);
        return session.id();
    }

    private void endSession(long index, String id) {
        Session session = sessions.remove(id);
        if (session == null) {
            return;
        }
        touch(Table.SESSIONS, index);
        for (Key key : List.copyOf(keys.values())) {
            if (!id.equals(key.session())) {
                continue;
            }
            if (session.lockDelayNanos() > 0) {
                lockDelays.put(key.key(), nowNanos.getAsLong() + session.lockDelayNanos());
            }
            if (session.behavior().equals("delete")) {
                deleteKey(index, key.key());
            } else {
                keys.put(
                        key.key(),
                        new Key(key.key(), key.value(), key.flags(), key.lockIndex(), null, key.createIndex(), index));
                touch(Table.KEYS, index);
            }
        }
    }

    @Nullable
    Session session(String id) {
        return sessions.get(id);
    }

    List<Session> sessions() {
        return List.copyOf(sessions.values());
    }
}
