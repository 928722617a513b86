package io.outfeed.spring.internal;

import io.outfeed.delivery.Delivery;
import io.outfeed.ftp.FtpsDelivery;
import io.outfeed.spring.FtpsDeliveryBuilderCustomizer;
import io.outfeed.spring.OutfeedProperties;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is made with export-ftp. Loaded only where that is there. */
final class FtpParts {

    private final Secrets secrets;
    private final Customizers customizers;
    private final Findings findings;

    FtpParts(Secrets secrets, Customizers customizers, Findings findings) {
        this.secrets = secrets;
        this.customizers = customizers;
        this.findings = findings;
    }

    @Nullable
    Delivery delivery(String id, String path, OutfeedProperties.Ftps ftps) {
        String host = findings.required(path + ".host", ftps.host());
        Supplier<char[]> password = secrets.optional(path + ".password", ftps.password(), findings);
        if (host == null || (password == null && ftps.password() != null)) {
            return null;
        }
        return findings.make(path, () -> {
            FtpsDelivery.Builder builder = builder(id, host, ftps.encryption());
            if (ftps.port() != null) {
                builder.port(ftps.port());
            }
            if (ftps.user() != null) {
                builder.user(ftps.user());
            }
            if (password != null) {
                builder.password(password);
            }
            if (ftps.trustedCertificates() != null) {
                builder.trustedCertificates(Path.of(ftps.trustedCertificates()));
            }
            ftps.pinnedCertificates().forEach(builder::pinnedCertificate);
            if (ftps.directory() != null) {
                builder.directory(ftps.directory());
            }
            customizers.of(FtpsDeliveryBuilderCustomizer.class).forEach(each -> each.customize(id, builder));
            return builder.build();
        });
    }

    private static FtpsDelivery.Builder builder(String id, String host, OutfeedProperties.FtpEncryption encryption) {
        return switch (encryption) {
            case EXPLICIT_TLS -> FtpsDelivery.builder(id, host);
            case IMPLICIT_TLS -> FtpsDelivery.implicitTls(id, host);
            case NONE -> FtpsDelivery.unencrypted(id, host);
        };
    }
}
