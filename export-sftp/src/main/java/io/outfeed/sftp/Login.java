package io.outfeed.sftp;

import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A method by which a connection logs in; a server may ask for a second one after the first. No other is tried: each
 * refused try may count towards a lockout.
 */
sealed interface Login {

    /** The method, as messages name it. */
    String name();

    /** The method {@code password}, never {@code keyboard-interactive}. */
    record Password(Supplier<char[]> secret) implements Login {

        @Override
        public String name() {
            return "password";
        }

        @Override
        public String toString() {
            return name();
        }
    }

    /** The method {@code keyboard-interactive}, for servers that ask for a password that way. */
    record KeyboardInteractive(Supplier<char[]> secret) implements Login {

        @Override
        public String name() {
            return "keyboard-interactive";
        }

        @Override
        public String toString() {
            return name();
        }
    }

    /** The method {@code publickey}; the file is read at each login. */
    record PrivateKey(Path file, @Nullable Supplier<char[]> passphrase) implements Login {

        @Override
        public String name() {
            return "private key";
        }

        @Override
        public String toString() {
            return name() + " " + file;
        }
    }
}
