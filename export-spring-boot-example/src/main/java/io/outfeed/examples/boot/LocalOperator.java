package io.outfeed.examples.boot;

import io.outfeed.ExportJob;
import io.outfeed.console.Authorizer;
import io.outfeed.console.ConsoleAction;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.Principal;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Lets the user of this machine operate the exports, so that the example needs no login. An application has Spring
 * Security instead, which finds the person of a request, and an authorizer that knows their customers.
 */
@Configuration(proxyBeanMethods = false)
class LocalOperator {

    @Bean
    Filter operator() {
        return (request, response, chain) -> chain.doFilter(
                isLocal(request.getRemoteAddr())
                        ? new HttpServletRequestWrapper((HttpServletRequest) request) {
                            @Override
                            public Principal getUserPrincipal() {
                                return () -> "operator";
                            }
                        }
                        : request,
                response);
    }

    private static boolean isLocal(String address) throws UnknownHostException {
        return InetAddress.getByName(address).isLoopbackAddress();
    }

    @Bean
    Authorizer authorizer() {
        return new Authorizer() {
            @Override
            public boolean allows(Principal person, ConsoleAction action, ExportJob job) {
                return true;
            }

            @Override
            public boolean allowsAll(Principal person, ConsoleAction action) {
                return true;
            }
        };
    }
}
