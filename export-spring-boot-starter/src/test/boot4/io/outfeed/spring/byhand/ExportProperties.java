package io.outfeed.spring.byhand;

import io.outfeed.mail.MailSecurity;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** What world.yaml says of exports. */
@ConfigurationProperties("outfeed")
record ExportProperties(
        Path directory,
        Map<String, Server> mailServers,
        Map<String, Destination> destinations,
        Map<String, Notices> notifiers,
        Map<String, Job> jobs) {

    record Server(String host, int port, MailSecurity security) {}

    record Destination(@Nullable Sftp sftp, @Nullable Mail mail) {}

    record Sftp(String host, int port, String user, String password, List<String> hostKeys, String directory) {}

    record Mail(String server, String from, List<String> to) {}

    record Notices(Mail mail) {}

    record Job(
            String definitions,
            @Nullable Times schedule,
            List<String> deliverTo,
            @DefaultValue Map<String, String> parameters,
            @DefaultValue Map<String, Object> layout) {}

    record Times(LocalTime daily, ZoneId zone) {}
}
