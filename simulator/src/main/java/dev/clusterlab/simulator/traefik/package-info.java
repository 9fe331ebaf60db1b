/**
 * Traefik as a program in a container. What configurations mean stands in the module {@code traefik}; this room reads them
 * from a simulated Consul and does what they say. It speaks HTTP only and knows no class of the agents that it asks.
 *
 * <ul>
 *   <li>{@link TraefikProgram}: the container's life, entry points and the services inside (API, dashboard, ping).
 *       {@link TraefikLog} writes its log.
 *   <li>{@link CatalogProvider}, {@link KvProvider}: what they find in Consul by {@link ConsulQueries}, with
 *       {@link Backoff} after errors, goes through a {@link Throttle} each.
 *   <li>{@link RuntimeConfiguration}: what runs now, made anew from all providers at each change. A {@link Balancer} for
 *       each service chooses among its servers.
 *   <li>{@link Forwarder}: one request, from the router that takes it through middlewares to a server and back;
 *       {@link Statistics} counts it.
 *   <li>{@link ApiService}, {@link DashboardPage}, {@link LegacyProviders}: what is shown of all that.
 * </ul>
 */
@NullMarked
package dev.clusterlab.simulator.traefik;

import org.jspecify.annotations.NullMarked;
