package io.outfeed.pgp.internal;

import io.outfeed.error.ExportException;
import io.outfeed.error.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The keys of a transform, read anew at each use.
 *
 * @param recipients where the keys to encrypt for come from
 * @param signer the key to sign with; empty if files are not signed
 */
public record PgpKeys(List<KeyBytes> recipients, Optional<Signer> signer) {

    public PgpKeys {
        recipients = List.copyOf(recipients);
    }

    /**
     * Begins a file.
     *
     * @param name the name that the file has when it is decrypted
     * @throws io.outfeed.error.TransformException if a key can't be used
     */
    public OutputStream encrypt(boolean armored, String name, Instant at, OutputStream out) throws IOException {
        List<UsableKey> keys = Recipients.readAll(recipients, at);
        Optional<Signer.Unlocked> unlocked = signer.map(key -> key.unlock(at));
        return EncryptedOutput.open(keys, unlocked, armored, name, at, out);
    }

    /** Returns the problems of all keys, and which of them expire soon. */
    public List<Problem> problems(Instant now, Duration warnBefore) {
        List<Problem> problems = new ArrayList<>();
        for (KeyBytes source : recipients) {
            check(() -> Recipients.read(source, now), now, warnBefore, problems);
        }
        signer.ifPresent(key -> check(() -> List.of(key.unlock(now).key()), now, warnBefore, problems));
        return problems;
    }

    private static void check(
            Supplier<List<UsableKey>> read, Instant now, Duration warnBefore, List<Problem> problems) {
        try {
            for (UsableKey key : read.get()) {
                key.expiring(now, warnBefore).ifPresent(problems::add);
            }
        } catch (ExportException e) {
            problems.add(new Problem(e.code(), String.valueOf(e.getMessage())));
        }
    }
}
