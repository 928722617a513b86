package io.outfeed.sftp.internal.crypto;

import java.security.GeneralSecurityException;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.Message;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.transport.Transport;
import net.schmizz.sshj.transport.TransportException;
import org.jspecify.annotations.Nullable;

/** A key exchange whose curve or group is part of its name. */
final class FixedKeyExchange extends SignedKeyExchange {

    private final KeyShare.Generator generator;
    private @Nullable KeyShare share;

    FixedKeyExchange(String digest, KeyShare.Generator generator) {
        super(digest);
        this.generator = generator;
    }

    @Override
    public void init(Transport transport, String serverId, String clientId, byte[] serverInit, byte[] clientInit)
            throws GeneralSecurityException, TransportException {
        super.init(transport, serverId, clientId, serverInit, clientInit);
        share = generate(generator);
        transport.write(new SSHPacket(Message.KEXDH_INIT).putBytes(share.publicValue()));
    }

    @Override
    public boolean next(Message message, SSHPacket packet) throws TransportException {
        KeyShare ours = share;
        expect(Message.KEXDH_31, message);
        if (ours == null) {
            throw new IllegalStateException("init comes first");
        }
        finish(packet, ours, new Buffer.PlainBuffer());
        return true;
    }
}
