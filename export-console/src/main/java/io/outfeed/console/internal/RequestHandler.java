package io.outfeed.console.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.console.ConsoleAction;
import io.outfeed.console.ConsoleRequest;
import io.outfeed.console.ConsoleResponse;
import io.outfeed.console.internal.access.Access;
import io.outfeed.console.internal.access.ConsoleSettings;
import io.outfeed.console.internal.action.AuditedExecution;
import io.outfeed.console.internal.action.Operations;
import io.outfeed.console.internal.action.Subject.OfRun;
import io.outfeed.console.internal.html.Frame;
import io.outfeed.console.internal.html.Templates;
import io.outfeed.console.internal.html.Times;
import io.outfeed.console.internal.layout.LayoutPage;
import io.outfeed.console.internal.page.AttentionPage;
import io.outfeed.console.internal.page.AuditPage;
import io.outfeed.console.internal.page.DestinationsPage;
import io.outfeed.console.internal.page.JobPage;
import io.outfeed.console.internal.page.JobsPage;
import io.outfeed.console.internal.page.MappingPage;
import io.outfeed.console.internal.page.Page;
import io.outfeed.console.internal.page.ProblemPage;
import io.outfeed.console.internal.page.Reply;
import io.outfeed.console.internal.page.RunDetailsPage;
import io.outfeed.console.internal.page.SearchPage;
import io.outfeed.console.internal.part.Context;
import io.outfeed.console.internal.part.Overview;
import io.outfeed.console.internal.part.RunState;
import io.outfeed.console.internal.web.BadRequestException;
import io.outfeed.console.internal.web.ForbiddenException;
import io.outfeed.console.internal.web.FormGuard;
import io.outfeed.console.internal.web.Parameters;
import io.outfeed.console.internal.web.RecordJson;
import io.outfeed.console.internal.web.Responses;
import io.outfeed.error.ExportException;
import io.outfeed.error.NoSuchJobException;
import io.outfeed.file.StagedFile;
import io.outfeed.operation.RunHandle;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers requests: from a path to a page, or to an operation. Thread-safe. */
public final class RequestHandler {

    private static final Logger log = LoggerFactory.getLogger(RequestHandler.class);

    private static final String JSON = ".json";

    /** More names are not offered while a person types. */
    private static final int OFFERED_NAMES = 20;

    private static final Set<String> ASSETS = Set.of("console.css", "console.js");

    private final ConsoleSettings settings;
    private final Operations operations;
    private final AuditedExecution execution;
    private final Templates templates = new Templates();
    private final FormHandler forms;

    public RequestHandler(ConsoleSettings settings) {
        this.settings = settings;
        this.operations = new Operations(settings.engine(), settings.editor());
        this.execution = new AuditedExecution(settings.engine());
        this.forms = new FormHandler(execution);
    }

    public void close() {
        execution.close();
    }

    public ConsoleResponse handle(ConsoleRequest request) {
        String token = FormGuard.token(request).orElseGet(FormGuard::newToken);
        ConsoleResponse response = answer(request, token);
        return FormGuard.token(request).isPresent()
                ? response
                : Responses.with(response, "Set-Cookie", FormGuard.cookie(token, request.secure()));
    }

    private ConsoleResponse answer(ConsoleRequest request, String token) {
        Answer answer = new Answer(request, token);
        try {
            return answer.get();
        } catch (BadRequestException e) {
            return answer.problem(400, "This can't be done", String.valueOf(e.getMessage()));
        } catch (ForbiddenException e) {
            return answer.problem(403, "Not allowed", String.valueOf(e.getMessage()));
        } catch (NoSuchJobException e) {
            return answer.problem(404, "Not found", "There is no such job or run, or you may not see it.");
        } catch (ExportException e) {
            return answer.problem(503, "The engine can't answer", e.code() + ": " + e.getMessage());
        } catch (RuntimeException e) {
            log.error("Could not answer {}", request, e);
            return answer.problem(500, "Something is wrong with this page", "The log of the application says what.");
        }
    }

    /** The answer to one request. */
    private final class Answer {

        private final ConsoleRequest request;
        private final String token;
        private final String path;
        private final boolean json;

        private Answer(ConsoleRequest request, String token) {
            this.request = request;
            this.token = token;
            this.json = request.path().endsWith(JSON);
            String page = request.path().isEmpty() ? "" : request.path().substring(1);
            this.path = json ? page.substring(0, page.length() - JSON.length()) : page;
        }

        private ConsoleResponse get() {
            boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
            if (!reads && !request.method().equals("POST")) {
                return Responses.with(
                        problem(405, "Not allowed", "Pages are read by GET, and forms sent by POST."),
                        "Allow",
                        "GET, HEAD, POST");
            }
            if (ASSETS.contains(path)) {
                return asset(path);
            }
            if (request.principal().isEmpty()) {
                return problem(
                        401,
                        "Not signed in",
                        "Sign in to the application first: this console has no login of its own.");
            }
            ExportEngine engine = settings.engine();
            Access access = new Access(
                    engine, settings.authorizer(), request.principal().get());
            Context context = new Context(
                    settings,
                    access,
                    operations,
                    new Times(settings.zone(), engine.clock().instant()));
            Parameters parameters = Parameters.parse(request.query());
            if (reads) {
                return read(context, parameters);
            }
            Parameters form = Parameters.parse(new String(request.body(), UTF_8));
            FormGuard.check(request, form);
            Reply reply = forms.handle(context, path, form);
            return reply.page()
                    .map(page -> page(context, reply.status(), page))
                    .orElseGet(() -> Responses.seeOther(reply.link()));
        }

        private ConsoleResponse read(Context context, Parameters parameters) {
            return switch (path) {
                case "state" -> Responses.json(RecordJson.of(Map.of("state", state(context, parameters))));
                case "names" -> Responses.json(RecordJson.of(names(context, parameters)));
                case "download" -> download(context, parameters);
                default -> page(context, 200, page(context, parameters));
            };
        }

        private Page page(Context context, Parameters parameters) {
            Access access = context.access();
            return switch (path) {
                case "" -> AttentionPage.of(context);
                case "jobs" -> JobsPage.of(context, parameters);
                case "job" -> JobPage.of(context, access.job(parameters.required("name")), parameters);
                case "run" -> run(context, parameters);
                case "mapping" ->
                    MappingPage.of(context, access.job(parameters.required("job")), parameters.required("definition"));
                case "layout" ->
                    LayoutPage.of(context, access.job(parameters.required("job")), parameters.required("definition"));
                case "destinations" ->
                    DestinationsPage.of(context, parameters.find("litter").isPresent());
                case "search" -> SearchPage.of(context, parameters);
                case "audit" -> AuditPage.of(context, parameters);
                case "action" -> forms.ask(context, parameters);
                default -> throw new NoSuchJobException("no page '" + path + "'");
            };
        }

        private Page run(Context context, Parameters parameters) {
            RunHandle handle = runHandle(context, parameters, "number");
            return RunDetailsPage.of(
                    context, handle, context.access().find(handle.run().job()));
        }

        /** Finds a run that the person sees. */
        private RunHandle runHandle(Context context, Parameters parameters, String name) {
            return context.access()
                    .run(parameters.number(name).orElseThrow(() -> new BadRequestException("no run was chosen", null)));
        }

        /** At most one statement for the overview; a job and a run need those of their state. */
        private String state(Context context, Parameters parameters) {
            Optional<String> job = parameters.find("job");
            if (job.isPresent()) {
                return RunState.of(context.engine()
                        .job(context.access().job(job.get()).name())
                        .summary());
            }
            if (parameters.find("run").isPresent()) {
                RunHandle handle = runHandle(context, parameters, "run");
                return RunState.of(handle.run(), handle.progress());
            }
            return Overview.state(context.engine(), context.access());
        }

        /** The names of jobs that have a text. Reads memory only. */
        private List<String> names(Context context, Parameters parameters) {
            String text = parameters.text("search").toLowerCase(Locale.ROOT);
            return context.access().jobs().stream()
                    .map(ExportJob::name)
                    .filter(name -> name.toLowerCase(Locale.ROOT).contains(text))
                    .limit(OFFERED_NAMES)
                    .toList();
        }

        private ConsoleResponse download(Context context, Parameters parameters) {
            RunHandle handle = runHandle(context, parameters, "run");
            Optional<ExportJob> job = context.access().find(handle.run().job());
            boolean may = job.map(known -> context.access().may(ConsoleAction.DOWNLOAD, known))
                    .orElseGet(() -> context.access().mayAll(ConsoleAction.DOWNLOAD));
            OfRun subject = OfRun.of(context.engine(), handle, job);
            if (!may) {
                execution.denied("download", subject, context.access().principal());
                throw new ForbiddenException("you may not download files of this job");
            }
            String wanted = parameters.required("path");
            StagedFile file = handle.run().files().stream()
                    .filter(each -> each.path().equals(wanted))
                    .findFirst()
                    .orElseThrow(() -> new NoSuchJobException("no such file"));
            InputStream bytes = handle.open(file.path()); // fails now, if they are gone
            execution.done("download", subject, context.access().principal(), file.path());
            return Responses.download(file.name(), file.bytes(), out -> {
                try (bytes) {
                    bytes.transferTo(out);
                }
            });
        }

        private ConsoleResponse page(Context context, int status, Page page) {
            if (json) {
                return Responses.json(RecordJson.of(page.json()));
            }
            boolean auditOfAll = context.access().mayAll(ConsoleAction.VIEW_AUDIT);
            Frame frame = new Frame(
                    settings.title(),
                    page.title(),
                    page.section(),
                    context.access().principal().getName(),
                    token,
                    context.times(),
                    page.state(),
                    page.poll(),
                    Parameters.parse(request.query()).text("done").isEmpty()
                            ? ""
                            : "Done. What it has come to is below.",
                    auditOfAll);
            return Responses.html(status, templates.render(page.template(), frame, page));
        }

        private ConsoleResponse problem(int status, String title, String text) {
            ProblemPage page = new ProblemPage(title, text);
            if (json) {
                return Responses.text(status, "application/json", RecordJson.of(page.json()));
            }
            Frame frame = new Frame(
                    settings.title(),
                    title,
                    "",
                    request.principal().map(person -> person.getName()).orElse(""),
                    token,
                    new Times(settings.zone(), settings.engine().clock().instant()),
                    "",
                    "",
                    "",
                    false);
            return Responses.html(status, templates.render(page.template(), frame, page));
        }
    }

    private static ConsoleResponse asset(String name) {
        try (InputStream in = RequestHandler.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the jar of the console has no " + name);
            }
            return Responses.asset(
                    name.endsWith(".css") ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8",
                    in.readAllBytes());
        } catch (IOException e) {
            throw new IllegalStateException("can't read " + name + " from the jar of the console", e);
        }
    }
}
