/**
 * Commands for what the lab has besides Docker: machines, Consul, HTTP, faults, traffic. They ask the engine, the observer
 * and the fault injector, and know nothing of Docker's API.
 */
@NullMarked
package dev.clusterlab.lab.shell.lab;

import org.jspecify.annotations.NullMarked;
