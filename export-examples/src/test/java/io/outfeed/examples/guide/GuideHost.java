package io.outfeed.examples.guide;

import com.github.kagkarlsson.scheduler.task.Task;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.field.MatchCodes;
import io.outfeed.job.JobRow;
import io.outfeed.job.JobSource;
import io.outfeed.schedule.Schedule;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;

/** What a host has around the code of the guide: names that the code uses, and does not declare. Never run. */
@SuppressWarnings("NullAway.Init")
abstract class GuideHost {

    record Visit(String id, Instant updatedAt) {}

    record Interaction(String id, String note, Instant updatedAt) {}

    record Gift(String id, BigDecimal amount, String zip, LocalDate paidOn, String note) {}

    record Student(String id, String name, LocalDate birthDate, String status, String program, String grade) {}

    /** Where the host keeps its secrets. */
    interface Vault {
        char[] password();

        char[] secret();

        char[] secret(String name);

        char[] apiKey();

        char[] smtpPassword();

        char[] current();
    }

    /** As the page has it in full. */
    static final class CustomerJobs implements JobSource {

        CustomerJobs(
                DataSource database, ExportDefinition<Interaction> interactions, Function<String, Delivery> folders) {}

        @Override
        public String id() {
            return "customers";
        }

        @Override
        public List<JobRow> load() {
            return List.of();
        }
    }

    /** Where a delivery of the host puts files. */
    static final class Archive {

        Optional<byte[]> read(String path) {
            return Optional.empty();
        }
    }

    /** A delivery of the host. */
    static final class ArchiveDelivery implements Delivery {

        ArchiveDelivery(String id, Archive archive) {}

        @Override
        public String id() {
            return "archive";
        }

        @Override
        public DeliverySession open() {
            throw new UnsupportedOperationException();
        }
    }

    ExportEngine engine;
    ExportJob job;
    ExportDefinition<Visit> visits;
    ExportDefinition<Interaction> interactions;
    ExportDefinition<Gift> gifts;
    ExportDefinition<Student> students;
    Schedule daily;
    ZoneId zone;
    Delivery sftp;
    MatchCodes<String> programs;
    DataSource dataSource;
    DataSource database;
    Vault vault;
    Vault secrets;
    Vault tokens;
    Path home;
    Function<String, Delivery> folders;
    Task<?> yourTask;
    MeterRegistry registry;
    ObservationRegistry observations;
    String sql;
    String json;
}
