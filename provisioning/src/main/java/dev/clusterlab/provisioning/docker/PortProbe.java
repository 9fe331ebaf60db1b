package dev.clusterlab.provisioning.docker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;

/**
 * Whether somebody listens behind a published port, at hardly any cost. The engine itself accepts connections to a
 * published port before anybody listens inside, and closes them again at once; a daemon that wants TLS waits for the
 * client to speak first.
 */
final class PortProbe {
    /** Wall-clock time: an engine closes within a few milliseconds, unless the computer is very busy. */
    static final int LISTEN_MILLIS = 25;

    private static final int CONNECT_MILLIS = 1000;

    private PortProbe() {}

    /**
     * False if nobody does; true if it is worth to ask in earnest.
     *
     * @param listenMillis how long to wait for an engine to close again, of wall-clock time
     */
    static boolean opens(int port, int listenMillis) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            socket.setSoTimeout(listenMillis);
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
