package io.outfeed.pgp.internal;

import io.outfeed.error.FailureCode;
import io.outfeed.error.TransformException;
import io.outfeed.internal.failure.HostCalls;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.bouncycastle.openpgp.api.OpenPGPCertificate;
import org.bouncycastle.openpgp.api.bc.BcOpenPGPApi;
import org.jspecify.annotations.Nullable;

/**
 * Keys that are read when they are needed.
 *
 * @param name names them in messages
 * @param supplier gives them
 */
public record KeyBytes(String name, Callable<byte[]> supplier) {

    /** Certificates of persons with many signatures have some hundred KiB. */
    private static final int MAX_BYTES = 4 << 20;

    /**
     * Reads the keys.
     *
     * @return one or more
     * @throws TransformException if there is none
     */
    List<OpenPGPCertificate> read() {
        byte[] bytes = bytes();
        try {
            List<OpenPGPCertificate> keys =
                    new BcOpenPGPApi().readKeyOrCertificate().parseKeysOrCertificates(bytes);
            if (keys.isEmpty()) {
                throw unusable("there is no key in " + name + ": export one, such as by gpg --export", null);
            }
            return keys;
        } catch (IOException | RuntimeException e) {
            if (e instanceof TransformException known) {
                throw known;
            }
            throw unusable(
                    name + " has no OpenPGP key that can be read: export one, such as by gpg --export",
                    HostCalls.redact(e));
        } finally {
            Arrays.fill(bytes, (byte) 0); // it may be a private key
        }
    }

    private byte[] bytes() {
        byte[] bytes;
        try {
            bytes = supplier.call();
        } catch (NoSuchFileException e) {
            throw unusable("there is no key file " + name + ": put it there", HostCalls.redact(e));
        } catch (IOException e) {
            throw unusable("can't read the key in " + name + ": check the permissions", HostCalls.redact(e));
        } catch (Throwable e) {
            throw TransformException.of(
                    FailureCode.SECRET_UNAVAILABLE,
                    "the supplier of the key " + name + " has failed ("
                            + e.getClass().getName() + "): check what it reads",
                    HostCalls.redact(e));
        }
        if (bytes == null || bytes.length == 0) {
            throw unusable("there is no key in " + name + ": export one, such as by gpg --export", null);
        } else if (bytes.length > MAX_BYTES) {
            throw unusable(name + " has " + bytes.length + " bytes, which is no key: export one key only", null);
        }
        return bytes.clone();
    }

    private static TransformException unusable(String message, @Nullable Throwable cause) {
        return TransformException.of(FailureCode.KEY_UNUSABLE, message, cause);
    }
}
