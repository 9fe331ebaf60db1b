import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** The program's picture in menus: three machines around the one that leads them. Drawn, so that it is the same at each build. */
final class Icon {
    private static final int SIZE = 256;
    private static final Color GROUND = new Color(0x1f6feb);
    private static final double CENTRE = SIZE / 2.0;
    private static final double RADIUS = 72;

    private Icon() {}

    static void write(Path file) throws IOException {
        var image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_ARGB);
        Graphics2D pen = image.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pen.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        pen.setColor(GROUND);
        pen.fill(new RoundRectangle2D.Double(8, 8, SIZE - 16, SIZE - 16, 64, 64));
        pen.setColor(Color.WHITE);
        pen.setStroke(new BasicStroke(12, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        for (int machine = 0; machine < 3; machine++) {
            double angle = Math.toRadians(-90 + 120.0 * machine);
            double x = CENTRE + RADIUS * Math.cos(angle);
            double y = CENTRE + 12 + RADIUS * Math.sin(angle);
            pen.draw(new Line2D.Double(CENTRE, CENTRE + 12, x, y));
            pen.fill(circle(x, y, 24));
        }
        pen.fill(circle(CENTRE, CENTRE + 12, 36));
        pen.setColor(GROUND);
        pen.fill(circle(CENTRE, CENTRE + 12, 16));
        pen.dispose();
        ImageIO.write(image, "png", file.toFile());
    }

    private static Ellipse2D circle(double x, double y, double radius) {
        return new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
    }
}
