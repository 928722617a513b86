package io.outfeed.sftp;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import net.schmizz.sshj.transport.cipher.Cipher;

final class WarmUp {

    private static final int PACKET = 2048;
    private static final int PACKETS = Integer.getInteger("wp", 240);
    private static final AtomicBoolean BEGUN = new AtomicBoolean();

    private WarmUp() {}

    static void begin() {
        if (PACKETS == 0 || Runtime.getRuntime().availableProcessors() < 2 || BEGUN.getAndSet(true)) {
            return;
        }
        Thread thread = new Thread(WarmUp::run, "outfeed-sftp-warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    private static void run() {
        byte[] key = new byte[16];
        byte[] iv = new byte[12];
        new SecureRandom().nextBytes(key);
        Cipher there = AesGcm.factory(128).create();
        there.init(Cipher.Mode.Encrypt, key, iv);
        Cipher back = AesGcm.factory(128).create();
        back.init(Cipher.Mode.Decrypt, key, iv);
        byte[] packet = new byte[4 + PACKET + 16];
        for (int i = 0; i < PACKETS; i++) {
            there.updateWithAAD(packet, 0, 4, PACKET);
            back.updateWithAAD(packet, 0, 4, PACKET);
        }
    }
}
