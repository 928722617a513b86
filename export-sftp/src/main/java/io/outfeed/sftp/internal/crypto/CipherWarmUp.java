package io.outfeed.sftp.internal.crypto;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.transport.cipher.Cipher;
import net.schmizz.sshj.transport.cipher.Cipher.Mode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the JVM compile the encryption while the first connection is opened, which keeps one processor busy; otherwise
 * the first upload waits for the compiler. Once per JVM a daemon thread encrypts half a mebibyte of zeros with keys
 * that are thrown away, unless the machine has a single processor.
 */
public final class CipherWarmUp {

    private static final Logger log = LoggerFactory.getLogger(CipherWarmUp.class);

    private static final int PACKETS = 8;
    private static final int LARGE = 65_536;
    private static final int SMALL = 64;
    private static final int LENGTH_BYTES = 4;
    private static final int KEY_BYTES = 16;

    private static final AtomicBoolean STARTED = new AtomicBoolean();

    private CipherWarmUp() {}

    /** Starts it, unless it was started before. Returns at once. */
    public static void start() {
        if (Runtime.getRuntime().availableProcessors() > 1 && STARTED.compareAndSet(false, true)) {
            Thread thread = new Thread(CipherWarmUp::run, "outfeed-sftp-warm-up");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private static void run() {
        try {
            SecureRandom random = new SecureRandom();
            byte[] key = key(random);
            Cipher requests = cipher(Mode.Encrypt, key);
            Cipher answers = cipher(Mode.Decrypt, key);
            Cipher writes = cipher(Mode.Encrypt, key(random));
            byte[] packet = new byte[LENGTH_BYTES + LARGE + writes.getAuthenticationTagSize()];
            for (int i = 0; i < PACKETS; i++) {
                requests.updateWithAAD(packet, 0, LENGTH_BYTES, SMALL);
                answers.updateWithAAD(packet, 0, LENGTH_BYTES, SMALL); // answers are small
                writes.updateWithAAD(packet, 0, LENGTH_BYTES, LARGE);
            }
        } catch (SSHRuntimeException e) {
            log.debug("No warm-up of the ciphers; connecting reports what is wrong", e);
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
