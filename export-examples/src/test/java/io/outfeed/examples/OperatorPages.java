package io.outfeed.examples;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.console.Authorizer;
import io.outfeed.console.Console;
import io.outfeed.console.ConsoleAction;
import java.security.Principal;
import java.time.ZoneId;

/** Pages for operators, as the guide shows them. */
final class OperatorPages {

    private OperatorPages() {}

    static Console console(ExportEngine engine) {
        // console:begin
        Console console = Console.builder(engine, new Authorizer() {
                    @Override
                    public boolean allows(Principal person, ConsoleAction action, ExportJob job) {
                        return action == ConsoleAction.VIEW
                                && person.getName()
                                        .equals(job.parameters().asMap().get("tenant"));
                    }

                    @Override
                    public boolean allowsAll(Principal person, ConsoleAction action) {
                        return person.getName().equals("operator");
                    }
                })
                .title("Exports of Example Vendor")
                .zone(ZoneId.of("America/New_York"))
                .customerParameter("tenant")
                .build();
        // console:end
        return console;
    }
}
