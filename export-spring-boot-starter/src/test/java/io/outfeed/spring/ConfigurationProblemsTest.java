package io.outfeed.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportDefinition;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What an application that can't start says of its configuration: all at once, and where. */
class ConfigurationProblemsTest {

    @TempDir
    private Path directory;

    private ApplicationContextRunner application(String yaml) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(OutfeedAutoConfiguration.class))
                .withBean("contacts", ExportDefinition.class, () -> Contact.export(Contact.source()))
                .withPropertyValues("outfeed.directory=" + directory)
                .withInitializer(new Yaml(yaml));
    }

    private void assertProblems(String yaml, String... problems) {
        application(yaml)
                .run(context -> assertThat(OutfeedAutoConfigurationTest.problems(context))
                        .containsExactlyInAnyOrder(problems));
    }

    @Test
    void should_list_all_problems_of_all_jobs() {
        assertProblems(
                """
                outfeed:
                  jobs:
                    one: {definitions: contact, deliver-to: [lakeside], schedule: {daily: "7:00", zone: Zurich}}
                    two: {description: of nothing}
                    three: {definitions: contacts, schedule: {daily: "07:00", cron: "0 7 * * *", zone: UTC}}
                """,
                "outfeed.jobs.one.definitions: there is no definition 'contact': the application has [contacts]",
                "outfeed.jobs.one.deliver-to: there is no destination 'lakeside': the application has []",
                "outfeed.jobs.one.schedule.zone: is 'Zurich', which is no time zone: write one such as Europe/Zurich",
                "outfeed.jobs.two.definitions: is missing: name a bean of type ExportDefinition by its own name",
                "outfeed.jobs.three.schedule: needs exactly one of daily, weekdays, weekly, monthly, cron and every,"
                        + " not daily and cron");
    }

    @Test
    void should_say_what_YAML_makes_of_a_time_without_quotes() {
        assertProblems(
                """
                outfeed:
                  jobs:
                    one: {definitions: contacts, schedule: {daily: 17:30, zone: UTC}}
                    two: {definitions: contacts, schedule: {weekdays: 17:30, zone: UTC}}
                    three: {definitions: contacts, schedule: {daily: "17:30"}}
                    four: {definitions: contacts, schedule: {weekly: [SONNTAG], at: "17:30", zone: UTC}}
                    five: {definitions: contacts, schedule: {monthly: 0, at: "17:30", zone: UTC}}
                    six: {definitions: contacts, schedule: {cron: "0 7", zone: UTC}}
                    seven: {definitions: contacts, schedule: {weekly: [MONDAY], zone: UTC, except: [25.12.2026]}}
                """,
                "outfeed.jobs.one.schedule.daily: has '1050', which is no time of day: write it in quotes, as"
                        + " \"07:00\"",
                "outfeed.jobs.two.schedule.weekdays: is '1050', which is no time of day: write it in quotes, as"
                        + " \"07:00\"",
                "outfeed.jobs.three.schedule.zone: is missing: say where the times are, such as Europe/Zurich",
                "outfeed.jobs.four.schedule.weekly: has 'SONNTAG', which is no day: write MONDAY, TUESDAY, WEDNESDAY,"
                        + " THURSDAY, FRIDAY, SATURDAY, SUNDAY",
                "outfeed.jobs.five.schedule.monthly: dayOfMonth must be 1 to 31, not 0",
                "outfeed.jobs.six.schedule.cron: cron '0 7' has 2 fields, not the five of minute, hour, day of month,"
                        + " month and day of week; examples: '0 7 * * *' is daily at 07:00, '30 6 * * MON-FRI' 06:30 on"
                        + " weekdays, '*/15 * * * *' each quarter of an hour, '0 0 L * *' the last day of each month",
                "outfeed.jobs.seven.schedule.at: is missing");
    }

    @Test
    void should_give_the_paths_of_a_wrong_layout() {
        assertProblems(
                """
                outfeed:
                  jobs:
                    one:
                      definitions: contacts
                      layout: {columns: [{field: id, header: 10}]}
                """, "outfeed.jobs.one.layout: columns[0].header must be a text, and is a number: put it in quotes");
    }

    @Test
    void should_refuse_names_that_the_binder_would_change() {
        assertProblems(
                """
                outfeed:
                  destinations:
                    out box: {directory: {path: /tmp}}
                  jobs:
                    one: {definitions: contacts, parameters: {school year: "2026", "[a b]": x}}
                """,
                "outfeed.destinations.out box.directory.path: put the name below destinations in brackets, as"
                        + " \"[a b]\"",
                "outfeed.jobs.one.parameters.school year: put the name below parameters in brackets, as \"[a b]\"");
    }

    @Test
    void should_refuse_a_secret_in_place_of_its_reference_and_not_repeat_it() {
        assertProblems(
                """
                outfeed:
                  mail-servers:
                    vendor: {host: smtp.vendor.example, user: exports, password: hunter2}
                  destinations:
                    office: {mail: {server: vendor, from: a@vendor.example, to: b@lakeside.example}}
                    lakeside:
                      sftp: {host: sftp.lakeside.example, user: outfeed, password: hunter2, directory: in}
                  notifiers:
                    chat: {webhook: {url: "https://chat.example/hunter2"}}
                """,
                "outfeed.mail-servers.vendor.password: must refer to the secret, not hold it: write"
                        + " file:/run/secrets/NAME, env:NAME or property:NAME",
                "outfeed.destinations.lakeside.sftp.password: must refer to the secret, not hold it: write"
                        + " file:/run/secrets/NAME, env:NAME or property:NAME",
                "outfeed.notifiers.chat.webhook.url: must refer to the secret, not hold it: write"
                        + " file:/run/secrets/NAME, env:NAME or property:NAME");
    }

    @Test
    void should_list_the_problems_of_destinations_and_notifiers() {
        assertProblems(
                """
                outfeed:
                  mail-servers:
                    vendor: {host: smtp.vendor.example, security: SSL}
                  destinations:
                    both: {directory: {path: /tmp}, mail: {server: vendor}}
                    office: {mail: {server: vendor, from: a@vendor.example, to: b@lakeside.example}}
                    branch: {mail: {server: vendr, from: a@vendor.example, to: b@lakeside.example}}
                    outbox: {directory: {protected-files: true}}
                  notifiers:
                    empty: {jobs: [a]}
                """,
                "outfeed.destinations.both: needs exactly one of directory, sftp, ftps, s3, http and mail, not"
                        + " directory and mail",
                "outfeed.destinations.branch.mail.server: there is no mail server 'vendr': outfeed.mail-servers has"
                        + " [vendor]",
                "outfeed.mail-servers.vendor: security must be STARTTLS, TLS or PLAIN_LOOPBACK_ONLY, not SSL",
                "outfeed.destinations.outbox.directory.path: is missing",
                "outfeed.notifiers.empty: needs exactly one of mail and webhook");
    }

    @Test
    void should_name_the_module_that_is_missing() {
        application("""
                outfeed:
                  mail-servers: {vendor: {host: smtp.vendor.example}}
                  destinations:
                    office: {mail: {server: vendor, from: a@vendor.example, to: b@lakeside.example}}
                    lakeside: {sftp: {host: sftp.lakeside.example}}
                  notifiers:
                    chat: {webhook: {url: "env:CHAT"}}
                """)
                .withClassLoader(new FilteredClassLoader("io.outfeed.mail", "io.outfeed.sftp", "io.outfeed.http"))
                .run(context -> assertThat(OutfeedAutoConfigurationTest.problems(context))
                        .containsExactly(
                                "outfeed.destinations.lakeside: needs io.outfeed:export-sftp on the class path",
                                "outfeed.destinations.office: needs io.outfeed:export-mail on the class path",
                                "outfeed.notifiers.chat: needs io.outfeed:export-http on the class path"));
    }
}
