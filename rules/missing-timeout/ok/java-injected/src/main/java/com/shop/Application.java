package com.shop;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.client.RestTemplateBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.web.client.RestTemplate;

@SpringBootApplication
public class Application {
  @Bean
  public RestTemplate restTemplate(RestTemplateBuilder builder) {
    return builder.setReadTimeout(java.time.Duration.ofSeconds(2)).build();
  }
}
