package dev.clusterlab.provisioning.hosts.link;

import dev.clusterlab.provisioning.LabException;

/**
 * Why a host could not be asked.
 *
 * @param kind what to do depends on it
 * @param host as people know it
 * @param said by whoever refused; may be empty
 */
public record HostTrouble(Kind kind, String host, String said) {
    /** What keeps from a host, each with its own remedy. */
    public enum Kind {
        NO_SSH_PROGRAM(
                "There is no ssh program on this computer.", "Install OpenSSH's client, and see that `ssh -V` runs."),
        UNKNOWN_HOST_KEY(
                "ssh does not know the key of this host, and so cannot know that it is the right one.",
                "Log in once by hand (`ssh HOST`), compare the fingerprint with what the host's owner says, and accept it."),
        CHANGED_HOST_KEY(
                "The host has another key than ssh remembers: it was set up anew, or somebody stands in between.",
                "Find out which. Only then `ssh-keygen -R HOST`, and log in once by hand."),
        KEY_REFUSED(
                "The host takes none of the keys that ssh has for this user.",
                "See that `ssh -o BatchMode=yes USER@HOST true` works: `ssh-add -l` lists the agent's keys, `ssh-copy-id` gives one to the"
                        + " host. Passwords are never asked for."),
        NO_NAME("There is no host of that name.", "Correct the name, or write its address."),
        CLOSED_PORT(
                "The host answers, but nobody listens at that port.",
                "See that the service runs there and that the port is right (ssh: 22; a daemon with TLS: 2376)."),
        NO_ANSWER(
                "The host does not answer.",
                "See that it is on, that this computer reaches its network, and that no firewall drops the port."),
        NO_DOCKER(
                "There is no docker program on the host, for this user.",
                "Install Docker there, or put it on the PATH of logins that run one command."),
        OLD_DOCKER(
                "The docker program on the host is too old to be reached by ssh.",
                "Update Docker there to 20.10 or newer."),
        NO_PERMISSION(
                "This user may log in to the host, but not use its Docker.",
                "On the host: `sudo usermod -aG docker USER`, then log in anew; or name another user in the address."),
        DOCKER_SILENT(
                "The Docker daemon of the host does not run.",
                "On the host: `sudo systemctl start docker`, and look at `journalctl -u docker`."),
        TLS(
                "TLS failed: host and certificates do not belong together.",
                "See that the folder holds the ca.pem, cert.pem and key.pem of this very daemon, and that the address is one that its"
                        + " certificate names."),
        FORWARDING(
                "The host's ssh server does not pass connections on.",
                "Allow it there (sshd_config: AllowTcpForwarding local), or say in the hosts file where the port is reached."),
        DROPPED("The connection to the host broke.", "It is made anew by itself."),
        OTHER("The host cannot be reached.", "Try the same by hand: `docker -H ADDRESS version`.");

        private final String sentence;
        private final String advice;

        /** Whether it may pass by itself, and soon. */
        boolean passes() {
            return this == DROPPED || this == NO_ANSWER;
        }

        Kind(String sentence, String advice) {
            this.sentence = sentence;
            this.advice = advice;
        }
    }

    /** In one sentence, or two where somebody said more. */
    public String sentence() {
        String words = said.strip();
        return host + ": " + kind.sentence
                + (words.isEmpty() ? "" : " It was said: " + words + (words.endsWith(".") ? "" : "."));
    }

    /** What to do next. */
    public String advice() {
        return kind.advice;
    }

    /** As an error. */
    public LabException exception() {
        return new LabException(LabException.Kind.REFUSED, sentence(), advice())
                .named("host.link." + kind.name(), host, said.strip());
    }
}
