/**
 * Labs on Docker hosts that their owner lent: hosts as machines. What was on a host is written down before anything is touched, and
 * it is left as it was found.
 *
 * <p>{@code RemoteEngine} is the engine itself, {@code LabHost} one of its hosts, {@code HostPower} switches it off and on by its
 * owner's commands, {@code HostsImages} sees that it has images, {@code HostReturn} leaves it as it was found, {@code RemoteRecords} and
 * {@code RemoteLabs} know the labs that programs left behind.
 */
@NullMarked
package dev.clusterlab.provisioning.hosts.lab;

import org.jspecify.annotations.NullMarked;
