package dev.clusterlab.lab;

/**
 * The shell of somebody who is logged in to a machine: {@code docker}, {@code consul} and {@code localhost} are this
 * machine's, whatever else there is, and what the network keeps from the machine is kept from its shell. Variables, functions and
 * files are its own. Threads, interrupts and errors are as {@link Shell} has them.
 *
 * <p>While the machine is off, frozen or not there, a script is refused with a sentence and status {@value #CLOSED}, and one that
 * runs when the machine goes ends with them after its command. A machine that was off has forgotten variables and functions.
 */
public interface LoginShell extends Shell, AutoCloseable {
    /** Status of a script that the machine did not run, or not to its end; that of {@code ssh}. */
    int CLOSED = 255;

    /** Name of the machine. */
    String machine();

    /** Whether the last script ended by {@code exit}. */
    boolean exitAsked();

    /** Ends what its commands do in the background; what all shells of the lab share stays. */
    @Override
    void close();
}
