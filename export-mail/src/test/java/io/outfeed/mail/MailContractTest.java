package io.outfeed.mail;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.outfeed.delivery.Delivery;
import io.outfeed.file.IfExists;
import io.outfeed.testing.contract.DirectDeliveryContract;
import jakarta.mail.internet.MimeMessage;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** Each message is kept: no name is ever taken, and the newest one counts. */
class MailContractTest extends DirectDeliveryContract {

    private @Nullable GreenMail mail;

    @AfterEach
    void stop() {
        if (mail != null) {
            mail.stop();
        }
    }

    @Override
    protected Delivery delivery() {
        GreenMail started = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        started.start();
        mail = started;
        MailServer server = MailServer.builder("127.0.0.1")
                .port(started.getSmtp().getPort())
                .security(MailSecurity.PLAIN_LOOPBACK_ONLY)
                .build();
        return MailDelivery.builder("office", server)
                .from("exports@vendor.example")
                .to("a@x.example")
                .build();
    }

    @Override
    protected Optional<byte[]> visible(String path) throws Exception {
        String name = path.substring(path.lastIndexOf('/') + 1);
        Optional<byte[]> newest = Optional.empty();
        if (mail != null) {
            for (MimeMessage message : mail.getReceivedMessages()) {
                if (name.equals(TestFiles.attachment(message).getFileName())) {
                    newest = Optional.of(TestFiles.bytes(TestFiles.attachment(message)));
                }
            }
        }
        return newest;
    }

    @Override
    protected Set<IfExists> supported() {
        return EnumSet.noneOf(IfExists.class);
    }

    @Override
    protected List<String> secrets() {
        return List.of("a@x.example");
    }
}
