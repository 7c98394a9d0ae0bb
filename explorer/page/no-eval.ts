import { z } from "zod";

// the page's Content-Security-Policy forbids code made of text, which zod would try
z.config({ jitless: true });
