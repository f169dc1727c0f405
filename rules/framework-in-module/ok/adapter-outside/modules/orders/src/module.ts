import { defineModule } from '@shop/platform/module';
// import express from 'express';
export const m = defineModule({ note: "require('express')" });
