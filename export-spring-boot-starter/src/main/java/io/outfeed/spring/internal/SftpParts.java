package io.outfeed.spring.internal;

import io.outfeed.delivery.Delivery;
import io.outfeed.sftp.SftpDelivery;
import io.outfeed.spring.OutfeedProperties;
import io.outfeed.spring.SftpDeliveryBuilderCustomizer;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is made with export-sftp. Loaded only where that is there. */
final class SftpParts {

    private final Secrets secrets;
    private final Customizers customizers;
    private final Findings findings;

    SftpParts(Secrets secrets, Customizers customizers, Findings findings) {
        this.secrets = secrets;
        this.customizers = customizers;
        this.findings = findings;
    }

    @Nullable
    Delivery delivery(String id, String path, OutfeedProperties.Sftp sftp) {
        String host = findings.required(path + ".host", sftp.host());
        Supplier<char[]> password = secrets.optional(path + ".password", sftp.password(), findings);
        Supplier<char[]> passphrase = secrets.optional(path + ".passphrase", sftp.passphrase(), findings);
        if (host == null
                || (password == null && sftp.password() != null)
                || (passphrase == null && sftp.passphrase() != null)) {
            return null;
        }
        return findings.make(path, () -> {
            SftpDelivery.Builder builder = SftpDelivery.builder(id, host);
            login(builder, sftp, password, passphrase);
            if (sftp.port() != null) {
                builder.port(sftp.port());
            }
            sftp.hostKeys().forEach(builder::hostKey);
            if (sftp.knownHosts() != null) {
                builder.knownHosts(Path.of(sftp.knownHosts()));
            }
            if (sftp.directory() != null) {
                builder.directory(sftp.directory());
            }
            if (sftp.permissions() != null) {
                builder.permissions(sftp.permissions());
            }
            customizers.of(SftpDeliveryBuilderCustomizer.class).forEach(each -> each.customize(id, builder));
            return builder.build();
        });
    }

    private static void login(
            SftpDelivery.Builder builder,
            OutfeedProperties.Sftp sftp,
            @Nullable Supplier<char[]> password,
            @Nullable Supplier<char[]> passphrase) {
        if (sftp.user() != null) {
            builder.user(sftp.user());
        }
        if (sftp.privateKey() != null) {
            Path key = Path.of(sftp.privateKey());
            if (passphrase == null) {
                builder.privateKey(key);
            } else {
                builder.privateKey(key, passphrase);
            }
        }
        if (password != null) {
            builder.password(password);
        }
    }
}
