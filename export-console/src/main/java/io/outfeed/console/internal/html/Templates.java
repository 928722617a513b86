package io.outfeed.console.internal.html;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.util.Map;

/** The templates of pages, which were compiled when the module was built; all output is escaped. Thread-safe. */
public final class Templates {

    private final TemplateEngine engine = TemplateEngine.createPrecompiled(
            null, ContentType.Html, Templates.class.getClassLoader(), "io.outfeed.console.internal.template");

    public String render(String template, Frame frame, Object page) {
        StringOutput out = new StringOutput();
        engine.render(template + ".jte", Map.of("frame", frame, "page", page), out);
        return out.toString();
    }
}
