package io.outfeed.sftp;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.transport.cipher.Cipher;
import net.schmizz.sshj.transport.cipher.Cipher.Mode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the JVM compile the encryption while the first connection is made, which uses one processor: else the first upload
 * has to wait for it. It encrypts half a mebibyte of zeros with keys that are thrown away, once in a JVM, on a thread of its
 * own that ends by itself; not where there is one processor only.
 */
final class WarmUp {

    private static final Logger log = LoggerFactory.getLogger(WarmUp.class);

    private static final int PACKETS = 8;
    private static final int LARGE = 65_536;
    private static final int SMALL = 64;
    private static final int LENGTH_BYTES = 4;
    private static final int KEY_BYTES = 16;

    private static final AtomicBoolean BEGUN = new AtomicBoolean();

    private WarmUp() {}

    /** Begins it, unless it has begun before. Returns at once. */
    static void begin() {
        if (Runtime.getRuntime().availableProcessors() > 1 && BEGUN.compareAndSet(false, true)) {
            Thread thread = new Thread(WarmUp::run, "outfeed-sftp-warm-up");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private static void run() {
        try {
            SecureRandom random = new SecureRandom();
            byte[] key = key(random);
            Cipher asks = cipher(Mode.Encrypt, key);
            Cipher answers = cipher(Mode.Decrypt, key);
            Cipher writes = cipher(Mode.Encrypt, key(random));
            byte[] packet = new byte[LENGTH_BYTES + LARGE + writes.getAuthenticationTagSize()];
            for (int i = 0; i < PACKETS; i++) {
                asks.updateWithAAD(packet, 0, LENGTH_BYTES, SMALL);
                answers.updateWithAAD(packet, 0, LENGTH_BYTES, SMALL); // what comes is small
                writes.updateWithAAD(packet, 0, LENGTH_BYTES, LARGE);
            }
        } catch (SSHRuntimeException e) {
            log.debug("No warm-up: this JVM is slower, or says so when it connects", e);
        }
    }

    private static byte[] key(SecureRandom random) {
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        return key;
    }

    private static Cipher cipher(Mode mode, byte[] key) {
        Cipher cipher = AesGcm.factory(KEY_BYTES * Byte.SIZE).create();
        cipher.init(mode, key, new byte[cipher.getIVSize()]);
        return cipher;
    }
}
