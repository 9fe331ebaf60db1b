package dev.clusterlab.simulator.swarm.leader;

import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.swarm.store.Store;
import dev.clusterlab.simulator.swarm.store.StoreChange;
import dev.clusterlab.simulator.swarm.store.Transactions;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What only the leader of the managers does, for as long as it leads. */
public final class Leadership {
    private final LeadingManager manager;
    private final Scope scope;
    private final LeaderContext context;
    private final PendingAllocations allocations;
    private final Scheduler scheduler;
    private final RestartSupervisor restarts;
    private final Updates updates;
    private final ReplicatedOrchestrator replicated;
    private final GlobalOrchestrator global;
    private final TaskReaper reaper;
    private final ConstraintEnforcer enforcer;
    private final RoleManager roles;
    private final Dispatcher dispatcher;
    private final Consumer<List<StoreChange>> listener = this::changed;
    private final ControlApi control;

    public Leadership(LeadingManager manager, Scope parent, long term) {
        this.manager = manager;
        this.scope = parent.child("leadership");
        Store store = manager.store();
        var transactions = new Transactions(store, manager.raft(), scope);
        this.context = new LeaderContext(
                store,
                transactions,
                scope,
                manager.random().split("term " + term),
                new Allocator(store, manager.reservations()));
        this.allocations = new PendingAllocations(context);
        this.scheduler = new Scheduler(context);
        this.restarts = new RestartSupervisor(context);
        this.updates = new Updates(context, restarts);
        this.replicated = new ReplicatedOrchestrator(context, restarts, updates);
        this.global = new GlobalOrchestrator(context, restarts, updates);
        this.reaper = new TaskReaper(context);
        this.enforcer = new ConstraintEnforcer(context);
        this.roles = new RoleManager(context, manager.raft());
        this.dispatcher = new Dispatcher(context, manager);
        this.control = new ControlApi(context, manager);
        store.listen(listener);
        dispatcher.start();
    }

    private void changed(List<StoreChange> changes) {
        for (StoreChange change : changes) {
            context.allocator().observe(change);
            allocations.observe(change);
            scheduler.observe(change);
            restarts.observe(change);
            updates.observe(change);
            replicated.observe(change);
            global.observe(change);
            reaper.observe(change);
            enforcer.observe(change);
            roles.observe(change);
            dispatcher.observe(change);
        }
        context.allocator().changedNodes().forEach(dispatcher::attachmentsChanged);
    }

    public LeaderContext context() {
        return context;
    }

    public Dispatcher dispatcher() {
        return dispatcher;
    }

    public ControlApi control() {
        return control;
    }

    public void membersChanged(Map<String, Boolean> members) {
        dispatcher.managersChanged();
    }

    /** Leadership is over, in order: agents and callers are notified. */
    public void stop() {
        manager.store().unlisten(listener);
        dispatcher.stop();
        context.transactions().stop();
        scope.close();
    }
}
