/**
 * Raft and SWIM as state machines that exchange messages. Swarm's managers and Consul's agents use the same classes with
 * settings of their own. The room knows the core alone: what is replicated, who the members are and how messages travel is
 * given to it. Everything runs on the simulation's thread; nothing here blocks.
 *
 * <ul>
 *   <li>Raft: {@link Raft} is the contract, {@link RaftMember} the implementation. {@link RaftStorage} is what a disk
 *       keeps of it, {@link RaftFollowers} what a leader knows of the others, {@link RaftWire} what is sent.
 *       {@link RaftTiming} keeps time as etcd's library does ({@link RaftTickTiming}) or as hashicorp's
 *       ({@link RaftFreeRunningTiming}), by {@link RaftSettings}.
 *   <li>SWIM with what memberlist and Serf add: {@link SwimMember} is one member, {@link SwimNode} what it believes of each
 *       other, {@link SwimRoster} keeps them so that no tick walks through all. {@link SwimProber} detects failures, {@link SwimSuspicion} gives the accused time to contradict,
 *       {@link SwimBroadcasts} spreads updates, {@link SwimDuplicates} notices those that say nothing new, {@link SwimMessage} is what is sent, by {@link SwimSettings}.
 * </ul>
 */
@NullMarked
package dev.clusterlab.simulator.protocol;

import org.jspecify.annotations.NullMarked;
