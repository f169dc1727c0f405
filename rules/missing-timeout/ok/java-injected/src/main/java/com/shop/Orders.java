package com.shop;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.web.client.RestTemplate;

public class Orders {
  @Autowired private RestTemplate http;

  public void place(String id) {
    http.postForEntity("http://stock/reservations", id, Void.class);
  }
}
