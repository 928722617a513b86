package io.outfeed.spring.internal;

import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.Protection;
import io.outfeed.directory.DirectoryDelivery;
import io.outfeed.notification.Notifier;
import io.outfeed.spring.OutfeedProperties;
import io.outfeed.spring.SecretResolver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.util.ClassUtils;

/** Makes destinations and notifiers of the properties of an application. Not thread-safe. */
final class ConfiguredParts {

    private final OutfeedProperties properties;
    private final Secrets secrets;
    private final Customizers customizers;
    private final Findings findings;
    private @Nullable MailParts mail;

    ConfiguredParts(OutfeedProperties properties, SecretResolver secrets, BeanFactory beans, Findings findings) {
        this.properties = properties;
        this.secrets = new Secrets(secrets);
        this.customizers = new Customizers(beans);
        this.findings = findings;
    }

    /** Makes the destinations, by id. */
    Map<String, Delivery> destinations() {
        Map<String, Delivery> made = new LinkedHashMap<>();
        new TreeMap<>(properties.destinations()).forEach((id, destination) -> {
            Delivery delivery = delivery(id, "outfeed.destinations." + id, destination);
            if (delivery != null) {
                made.put(id, delivery);
            }
        });
        return made;
    }

    private @Nullable Delivery delivery(String id, String path, OutfeedProperties.Destination destination) {
        List<String> kinds = kinds(destination);
        if (kinds.size() != 1) {
            findings.add(path, "needs exactly one of directory, sftp, ftps, s3, http and mail" + not(kinds));
            return null;
        }
        String below = path + "." + kinds.get(0);
        if (destination.directory() != null) {
            return directory(id, below, destination.directory());
        }
        if (destination.sftp() != null) {
            return has(path, "io.outfeed.sftp.SftpDelivery", "export-sftp")
                    ? new SftpParts(secrets, customizers, findings).delivery(id, below, destination.sftp())
                    : null;
        }
        if (destination.ftps() != null) {
            return has(path, "io.outfeed.ftp.FtpsDelivery", "export-ftp")
                    ? new FtpParts(secrets, customizers, findings).delivery(id, below, destination.ftps())
                    : null;
        }
        if (destination.s3() != null) {
            return has(path, "io.outfeed.s3.S3Delivery", "export-s3")
                    ? new S3Parts(secrets, customizers, findings).delivery(id, below, destination.s3())
                    : null;
        }
        if (destination.http() != null) {
            return has(path, "io.outfeed.http.HttpDelivery", "export-http")
                    ? new HttpParts(secrets, customizers, findings).delivery(id, below, destination.http())
                    : null;
        }
        MailParts parts = mail(path);
        return parts == null || destination.mail() == null ? null : parts.delivery(id, below, destination.mail());
    }

    private static List<String> kinds(OutfeedProperties.Destination destination) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("directory", destination.directory());
        all.put("sftp", destination.sftp());
        all.put("ftps", destination.ftps());
        all.put("s3", destination.s3());
        all.put("http", destination.http());
        all.put("mail", destination.mail());
        List<String> kinds = new ArrayList<>();
        all.forEach((kind, properties) -> {
            if (properties != null) {
                kinds.add(kind);
            }
        });
        return kinds;
    }

    private @Nullable Delivery directory(String id, String path, OutfeedProperties.Directory directory) {
        String where = findings.required(path + ".path", directory.path());
        if (where == null) {
            return null;
        }
        return findings.make(path, () -> {
            DirectoryDelivery.Builder builder = DirectoryDelivery.builder(id, Path.of(where));
            if (directory.protectedFiles()) {
                builder.protection(Protection.PROTECTED);
            }
            if (directory.permissions() != null) {
                builder.permissions(directory.permissions());
            }
            if (directory.requireFile() != null) {
                builder.requireFile(directory.requireFile());
            }
            return builder.build();
        });
    }

    /** Makes the notifiers. */
    List<Notifier> notifiers() {
        List<Notifier> made = new ArrayList<>();
        new TreeMap<>(properties.notifiers()).forEach((id, notifier) -> {
            Notifier all = notifier(id, "outfeed.notifiers." + id, notifier);
            if (all != null) {
                Set<String> jobs = Set.copyOf(notifier.jobs());
                made.add(jobs.isEmpty() ? all : all.forJobs(jobs::contains));
            }
        });
        return made;
    }

    private @Nullable Notifier notifier(String id, String path, OutfeedProperties.Notifier notifier) {
        if ((notifier.mail() == null) == (notifier.webhook() == null)) {
            findings.add(
                    path,
                    "needs exactly one of mail and webhook"
                            + not(notifier.mail() == null ? List.of() : List.of("mail", "webhook")));
            return null;
        }
        if (notifier.webhook() != null) {
            return has(path, "io.outfeed.http.WebhookNotifier", "export-http")
                    ? new HttpParts(secrets, customizers, findings).notifier(id, path + ".webhook", notifier.webhook())
                    : null;
        }
        MailParts parts = mail(path);
        return parts == null || notifier.mail() == null ? null : parts.notifier(id, path + ".mail", notifier.mail());
    }

    private @Nullable MailParts mail(String path) {
        if (!has(path, "io.outfeed.mail.MailServer", "export-mail")) {
            return null;
        }
        if (mail == null) {
            mail = new MailParts(properties.mailServers(), secrets, customizers, findings);
        }
        return mail;
    }

    private boolean has(String path, String type, String module) {
        boolean present = ClassUtils.isPresent(type, ClassUtils.getDefaultClassLoader());
        if (!present) {
            findings.add(path, "needs io.outfeed:" + module + " on the class path");
        }
        return present;
    }

    private static String not(List<String> kinds) {
        return kinds.isEmpty() ? "" : ", not " + String.join(" and ", kinds);
    }
}
