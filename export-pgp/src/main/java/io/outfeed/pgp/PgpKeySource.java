package io.outfeed.pgp;

import static java.util.Objects.requireNonNull;

import io.outfeed.pgp.internal.KeyBytes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Where keys come from. They are read anew for each file that is encrypted and at each check, so that a renewed key
 * needs no restart. Binary keys and armored ones are read alike.
 *
 * <p>Immutable and thread-safe. Two sources are equal if they read the same file, or have the same name and supplier.
 */
public final class PgpKeySource {

    private final String name;
    private final Callable<byte[]> supplier;

    /** What the source is compared by. */
    private final Object identity;

    private PgpKeySource(String name, Callable<byte[]> supplier, Object identity) {
        this.name = name;
        this.supplier = supplier;
        this.identity = identity;
    }

    /**
     * Reads keys from a file.
     *
     * @param file the file; a key ring with several public keys encrypts for all of them
     * @return the source
     */
    public static PgpKeySource file(Path file) {
        requireNonNull(file, "file");
        return new PgpKeySource(file.toString(), () -> Files.readAllBytes(file), file);
    }

    /**
     * Gets keys from code of the host, such as a vault.
     *
     * @param name names them in messages, without a secret
     * @param supplier gives the keys at each call; used by many threads at once. It may throw: the run is then tried
     *     again, and its message is not shown
     * @return the source
     */
    public static PgpKeySource supplied(String name, Callable<byte[]> supplier) {
        requireNonNull(name, "name");
        return new PgpKeySource(name, requireNonNull(supplier, "supplier"), supplier);
    }

    KeyBytes bytes() {
        return new KeyBytes(name, supplier);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PgpKeySource that && name.equals(that.name) && identity.equals(that.identity);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, identity);
    }

    /** The path or the name. */
    @Override
    public String toString() {
        return name;
    }
}
