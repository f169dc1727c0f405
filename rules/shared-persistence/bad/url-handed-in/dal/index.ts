import mongoose from 'mongoose';

export class Dal {
  async connect(url: string): Promise<void> {
    await mongoose.connect(url);
  }
}
