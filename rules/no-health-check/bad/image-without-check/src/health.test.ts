import express from 'express';
express().get('/healthz', () => {});
