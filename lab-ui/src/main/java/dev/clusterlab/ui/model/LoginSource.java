package dev.clusterlab.ui.model;

import dev.clusterlab.lab.LoginShell;

/** Where shells on machines come from. */
@FunctionalInterface
public interface LoginSource {
    /** A shell on a machine, which need not be there yet; whoever asks for it closes it. Returns at once. */
    LoginShell on(String machine);
}
