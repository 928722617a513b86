package io.outfeed.sftp.internal.login;

import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A method by which a user logs in. A server may require a second one after the first. No other method is attempted,
 * since each rejected attempt may count towards a lockout.
 */
public sealed interface LoginMethod {

    /** The method's name in messages. */
    String name();

    /** The method {@code password}, never {@code keyboard-interactive}. */
    record Password(Supplier<char[]> secret) implements LoginMethod {

        @Override
        public String name() {
            return "password";
        }

        @Override
        public String toString() {
            return name();
        }
    }

    /** The method {@code keyboard-interactive}, for servers that ask for a password by a prompt. */
    record KeyboardInteractive(Supplier<char[]> secret) implements LoginMethod {

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
    record PrivateKey(Path file, @Nullable Supplier<char[]> passphrase) implements LoginMethod {

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
